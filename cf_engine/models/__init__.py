"""One recommender a file, each with the contract of `cf_engine.base`."""

"""The second look at candidates: features, a learned order, variety, and how good it is."""

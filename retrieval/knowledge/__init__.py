"""General knowledge of everyday products, as data files."""

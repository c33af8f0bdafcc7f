"""Filters as text, on columns, and as a vector store understands them."""

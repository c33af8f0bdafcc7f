"""Absence: what a product is free of, what it contains, and of what nothing is known."""

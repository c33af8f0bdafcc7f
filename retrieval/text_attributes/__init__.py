"""Attributes that a seller only tells in words, read out of titles, categories and descriptions."""

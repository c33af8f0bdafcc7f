"""How good recommendations are, what the log is like, and the pages that tell it."""

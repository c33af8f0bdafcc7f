"""What things are called: the heads of titles, synonyms, and the kinds of a shop."""

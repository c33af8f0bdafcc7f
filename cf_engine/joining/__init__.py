"""Several models as one: which, with what weights, in what order."""

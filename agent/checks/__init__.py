"""What holds whatever a model does: conditions that were said, and claims that the evidence of the turn backs."""

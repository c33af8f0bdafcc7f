"""What holds whatever a model does."""

"""What an owner does with a shop."""

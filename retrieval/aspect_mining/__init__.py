"""What buyers of a category speak of, found in their own sentences."""

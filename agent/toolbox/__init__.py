"""What the tools do for the shopper, and the shelf they fill in a turn."""

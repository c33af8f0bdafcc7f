"""From what a shopper says to what it asks of the shop."""

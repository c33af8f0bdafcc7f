"""From candidates to an order: signals, weights, variety, the shopper's own history."""

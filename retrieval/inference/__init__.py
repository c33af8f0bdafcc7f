"""Models as they run in a shop: exported once, opened without torch, nothing scored twice."""

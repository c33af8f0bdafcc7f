"""Simulated shoppers that talk to the assistant as a page does: scripted, random, and after a purchase."""

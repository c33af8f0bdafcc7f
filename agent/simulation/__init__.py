"""Dialogues that measure the assistant: scripted ones with checks, random ones with known constraints,
people's."""

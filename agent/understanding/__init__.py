"""What a shopper means: the learned reader of moves and spans, and the rules that it takes over from."""

from agent.understanding.rules import Reading, understand

__all__ = ["Reading", "understand"]

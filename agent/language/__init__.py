"""Reading an utterance: tidy text, tokens, numbers, negation. Knows no shop and holds no state."""

"""From words to wishes of this shop: its vocabulary, and what an utterance asks, changes and points at."""

"""The offline chat model: from what was read to tool calls, and from their results to words."""

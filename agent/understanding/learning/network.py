"""The reader's network: a sentence encoder with a tag for every piece and two opinions on the moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from agent.understanding.decoding import TAGS
from agent.understanding.labels import MOVES

__all__ = ["ReaderNetwork", "build_network"]


class ReaderNetwork(torch.nn.Module):
    """``main`` says which one move comes first, ``moves`` which are made at all."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.config = encoder.config
        self.dropout = torch.nn.Dropout(0.1)
        self.tags = torch.nn.Linear(width, len(TAGS))
        self.main = torch.nn.Linear(2 * width, len(MOVES))
        self.moves = torch.nn.Linear(2 * width, len(MOVES))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Token ids, mask and segments, each (b, n), to logits (b, n, tags), (b, moves), (b, moves)."""
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state  # (b, n, d)
        own = (attention_mask * token_type_ids).unsqueeze(-1).to(states.dtype)  # (b, n, 1)
        mean = (states * own).sum(dim=1) / own.sum(dim=1).clamp_min(1.0)
        pooled = self.dropout(torch.cat([states[:, 0], mean], dim=1))  # (b, 2d)
        return self.tags(self.dropout(states)), self.main(pooled), self.moves(pooled)


def build_network(base: Path | str) -> ReaderNetwork:
    """The encoder in ``base`` with fresh heads, float32."""
    from transformers import AutoModel
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        encoder = AutoModel.from_pretrained(str(base), dtype="float32", add_pooling_layer=False)
    finally:
        logging.set_verbosity(level)
    return ReaderNetwork(encoder)

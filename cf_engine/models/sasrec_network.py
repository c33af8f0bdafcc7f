"""The network of `cf_engine.models.sasrec` in PyTorch (imported only for training and export).

Sequences are padded on the right: under a causal mask no position sees what comes after it, so padding needs
no mask of its own and a sequence's vector doesn't depend on the batch around it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Block(nn.Module):
    """Pre-norm attention and feed-forward, each added through a learned gate (LiGR, arXiv 2502.03417)."""

    def __init__(self, d: int, heads: int, dropout: float, max_length: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_feed = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 2 * d), nn.Linear(2 * d, d)
        self.gate_attention, self.gate_feed = nn.Linear(d, d), nn.Linear(d, d)
        self.dropout = nn.Dropout(dropout)
        self.distance = nn.Parameter(torch.zeros(heads, max_length))  # attention bias by distance

    def forward(self, x: Tensor) -> Tensor:
        n, length, d = x.shape
        q, k, v = self.qkv(self.norm_attention(x)).chunk(3, dim=-1)
        q, k, v = (t.view(n, length, self.heads, d // self.heads).transpose(1, 2) for t in (q, k, v))
        steps = torch.arange(length, device=x.device)
        gap = steps[:, None] - steps[None, :]  # (length, length), negative = the future
        bias = self.distance[:, gap.clamp(min=0)].masked_fill(
            gap < 0, float("-inf")
        )  # (heads, length, length)
        weights = torch.softmax(q @ k.transpose(-1, -2) / (d // self.heads) ** 0.5 + bias, dim=-1)
        mixed = self.out((self.dropout(weights) @ v).transpose(1, 2).reshape(n, length, d))
        x = x + self.dropout(mixed) * torch.sigmoid(self.gate_attention(x))
        fed = self.down(self.dropout(functional.gelu(self.up(self.norm_feed(x)))))
        return x + self.dropout(fed) * torch.sigmoid(self.gate_feed(x))


class Network(nn.Module):
    """Item numbers (n, length) -> a vector for what comes after each position (n, length, d)."""

    def __init__(
        self, n_items: int, d: int, blocks: int, heads: int, dropout: float, max_length: int
    ) -> None:
        super().__init__()
        self.items = nn.Embedding(n_items + 1, d)  # the last row pads
        self.position = nn.Parameter(torch.zeros(max_length, d))
        self.blocks = nn.ModuleList(Block(d, heads, dropout, max_length) for _ in range(blocks))
        self.norm = nn.LayerNorm(d)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.items.weight, std=0.02)
        nn.init.normal_(self.position, std=0.02)

    def forward(self, sequences: Tensor) -> Tensor:
        return self.encode(self.items(sequences))

    def encode(self, vectors: Tensor) -> Tensor:
        """From item vectors (n, length, d); what is exported, so that items stay a plain matrix outside."""
        d = vectors.shape[-1]
        x = self.dropout(vectors * d**0.5 + self.position[: vectors.shape[1]])
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

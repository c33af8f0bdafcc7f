"""How the reader is trained: needs torch, which reading itself never imports."""

"""How the reader is trained, and on what: needs torch, which reading itself never imports."""

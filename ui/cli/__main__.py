"""`python -m ui.cli` is `aisle`."""

from ui.cli import main

main()

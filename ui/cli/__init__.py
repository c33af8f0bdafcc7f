"""The command line, `aisle`."""

from __future__ import annotations


def main() -> None:
    """Run `aisle`; imported late so that importing the package stays cheap."""
    from ui.cli.app import main as run

    run()

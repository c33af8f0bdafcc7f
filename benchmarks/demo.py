"""The demo shop, generated and built once into `.demo/`, for benchmarks that need a whole shop."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"


def demo_shop() -> Path:
    """The folder of the built demo shop, made when it is not there yet."""
    shop = DEMO / "shop"
    if not (shop / "CURRENT").is_file():
        files = DEMO / "files"
        _run(sys.executable, "examples/demo_shop/generate.py", str(files))
        aisle = [sys.executable, "-m", "ui.cli"]
        _run(
            *aisle, "import", str(shop), "--products", str(files / "products.csv"),
            "--reviews", str(files / "reviews.csv"), "--events", str(files / "events.csv"),
            "--documents", str(files / "documents"),
        )  # fmt: skip
        _run(*aisle, "build", str(shop))
    return shop


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)

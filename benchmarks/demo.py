"""The demo shop, generated, imported and built into `.demo/`: for `make demo` and for benchmarks.

Run with `python -m benchmarks.demo`; again, it makes only what changed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / ".demo"


@cache
def demo_shop() -> Path:
    """The folder of the built demo shop, made when it is not there yet; what changed since is built anew."""
    shop = DEMO / "shop"
    if (shop / "CURRENT").is_file():
        _run(sys.executable, "-m", "ui.cli", "build", str(shop))
    else:
        make()
    return shop


def make() -> None:
    """Generate, import and build by the commands that any shop uses."""
    shop, files = DEMO / "shop", DEMO / "files"
    _run(sys.executable, "examples/demo_shop/generate.py", str(files))
    aisle = [sys.executable, "-m", "ui.cli"]
    options = [
        part for kind in ("products", "reviews", "events") for part in (f"--{kind}", f"{files}/{kind}.csv")
    ]
    _run(*aisle, "import", str(shop), *options, "--documents", str(files / "documents"))
    shutil.copy(ROOT / "examples" / "demo_shop" / "shop.toml", shop)
    _run(*aisle, "build", str(shop))


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    make()

"""How long a newcomer takes from a product export to a page in the shop's own colours: five commands, timed.

`python -m benchmarks.newcomer EXPORT [--name Fernhill] [--accent "#7a2e4d"] [--install]` prints JSON. The
commands are those of the README; `make install` is run only with `--install`, as it downloads some gigabytes.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from urllib.request import urlopen

from benchmarks.demo import ROOT
from benchmarks.page import free_port, running

AISLE = (sys.executable, "-m", "ui.cli")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("export", type=Path, help="a products file, e.g. of Shopify")
    parser.add_argument("--name", default="Fernhill")
    parser.add_argument("--accent", default="#7a2e4d", help="colour of buttons and links")
    parser.add_argument("--install", action="store_true", help="run and time `make install`, too")
    given = parser.parse_args()
    if not given.export.is_file():
        parser.error(f"{given.export}: there is no such file; a products file is expected")
    with tempfile.TemporaryDirectory() as folder:
        result = newcomer(
            given.export.resolve(), Path(folder) / "myshop", given.name, given.accent, given.install
        )
    print(json.dumps(result, indent=2))
    sys.exit(0 if result["in_colours"] else 1)


def newcomer(export: Path, shop: Path, name: str, accent: str, install: bool = False) -> dict[str, Any]:
    """The five commands, the seconds that each took, and whether the page came in the colours asked for."""
    theme = f'name = "{name}"\\n[colours]\\naccent = "{accent}"\\n'
    port = free_port()
    steps: list[tuple[str, float | None]] = [("make install", _timed("make", "install") if install else None)]
    for part in (("import", str(shop), "--products", str(export)), ("build", str(shop))):
        steps.append((shlex.join(("aisle", *part)), _timed(*AISLE, *part)))
    written = f"printf '{theme}' > {shop / 'shop.toml'}"
    steps.append((written, _timed("sh", "-c", written)))
    serve = ("serve", str(shop), "--port", str(port))
    began = time.perf_counter()
    server: AbstractContextManager[str] = running([*AISLE, *serve], port)
    with server as address:
        page = _page(address)
        steps.append((shlex.join(("aisle", *serve)), time.perf_counter() - began))
    seconds = [taken for _, taken in steps if taken is not None]
    return {
        "commands": [
            {"command": line.replace(str(shop), "myshop"), "seconds": taken and round(taken, 2)}
            for line, taken in steps
        ],
        "seconds": round(sum(seconds), 1),
        "installed": install,
        "named": name in page,
        "in_colours": accent in page,
    }


def _page(address: str) -> str:
    """What the page is made of: its document and the stylesheet of the shop's colours."""
    document = _text(address)
    theme = re.search(r'href="([^"]+/theme\.css)"', document)
    return document + (_text(urljoin(address, theme[1])) if theme else "")


def _text(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        return str(answer.read().decode("utf-8"))


def _timed(*command: str) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{shlex.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

"""The shops of the dialogues in people's own words, imported and built by the commands that any shop uses.

    python -m benchmarks.people_shops DIR [--only NAME …]

Four are invented for the dialogues and kept beside them (`benchmarks/dialogues/shops`), five are real data
beside AISLE_DATA (default ../shared/data), left out and said so where it is absent. `demo` links to the demo
shop. Run again, it makes only what changed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.demo import ROOT, demo_shop

DATA = Path(os.environ.get("AISLE_DATA", "../shared/data"))
INVENTED = ROOT / "benchmarks" / "dialogues" / "shops"
_INSTRUMENTS = DATA / "musical_instruments"
REAL: dict[str, tuple[str | Path, ...]] = {
    "outdoor": ("--products", DATA / "shopify_export" / "products_export_1.csv"),
    "phones": ("--products", DATA / "phones" / "data_subset.json"),
    "music": (
        "--products", _INSTRUMENTS / "meta_5.csv", "--map", "Description=title",
        "--events", _INSTRUMENTS / "anshuv_5.csv",
    ),
    "luma": (
        "--products", DATA / "magento_luma" / "products.csv",
        "--reviews", DATA / "magento_luma" / "products_reviews.csv",
    ),
    "icecat": ("--products", DATA / "icecat" / "products.jsonl.gz"),
}  # fmt: skip
"""How each is imported; the second option is the file that must be at hand. Icecat's prices are cents; the dialogues
were written on them as they stand."""


def invented(name: str) -> tuple[str | Path, ...]:
    """How an invented shop is imported."""
    folder = INVENTED / name
    (products,), (reviews,) = folder.glob("products.*"), folder.glob("reviews.*")
    return ("--products", products, "--reviews", reviews, "--documents", folder / "documents")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=(), help="names of shops")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    imports = {folder.name: invented(folder.name) for folder in sorted(INVENTED.iterdir())} | REAL
    for name, options in imports.items():
        if chosen.only and name not in chosen.only:
            continue
        if not Path(options[1]).is_file():
            print(f"skipped {name}: no {options[1]}")
            continue
        for command in (("import", chosen.folder / name, *options), ("build", chosen.folder / name)):
            subprocess.run([sys.executable, "-m", "ui.cli", *map(str, command)], check=True)
    if not chosen.only or "demo" in chosen.only:
        (chosen.folder / "demo").unlink(missing_ok=True)
        (chosen.folder / "demo").symlink_to(demo_shop())


if __name__ == "__main__":
    main()

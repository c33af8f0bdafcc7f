"""What is known against the pinned versions, for where the Internet's databases can't be reached.

    python .ci/offline_audit.py constraints.txt --safety-db FILE [--advisories FOLDER] [--report FILE]

``--safety-db``: a file `insecure.json` of pyup.io's safety-db; PyPI has one of July 2021 in
the package `safety-db`. ``--advisories``: a checkout of the Python Packaging Advisory Database. A finding that
`.ci/audit_accepted.toml` does not account for ends the audit with 1. ``--report`` writes it all as Markdown.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

_MODIFIED = re.compile(r"""^modified: ["']?(\d{4}-\d\d-\d\d)""", re.MULTILINE)
ACCEPTED = Path(__file__).parent / "audit_accepted.toml"


@dataclass(frozen=True)
class Finding:
    """An entry of a database that names a pinned version."""

    package: str
    version: str
    entry: str
    """Its id, or the versions that it names."""


@dataclass(frozen=True)
class Database:
    name: str
    until: date
    """Of its newest entry."""
    known: int
    """Pinned packages on which it has entries."""
    findings: tuple[Finding, ...]


def pinned(constraints: Path) -> dict[str, str]:
    """Canonical name to version."""
    lines = [line.split("#")[0].strip() for line in constraints.read_text(encoding="utf-8").splitlines()]
    pairs = [line.split("==") for line in lines if "==" in line]
    return {str(canonicalize_name(name)): version for name, version in pairs}


def safety_db(file: Path, pins: Mapping[str, str]) -> Database:
    """pyup.io's: for each package, the versions that something is known against, without saying what."""
    entries = json.loads(file.read_text(encoding="utf-8"))
    until = datetime.fromtimestamp(entries.pop("$meta")["timestamp"], UTC).date()
    named = {str(canonicalize_name(name)): specifiers for name, specifiers in entries.items()}
    known = {name: named[name] for name in pins if name in named}
    found = [
        Finding(name, pins[name], specifier)
        for name, specifiers in known.items()
        for specifier in specifiers
        if _matches(pins[name], specifier)
    ]
    return Database("pyup.io safety-db", until, len(known), tuple(found))


def advisories(folder: Path, pins: Mapping[str, str]) -> Database:
    """The Python Packaging Advisory Database: a file for each advisory, in a folder for each package."""
    known, found = 0, []
    for name, version in pins.items():
        entries = list(_entries(folder / "vulns" / name))
        known += bool(entries)
        found += [
            Finding(name, version, entry["id"])
            for entry in entries
            if not entry.get("withdrawn") and any(_affects(of, name, version) for of in entry["affected"])
        ]
    return Database("Python Packaging Advisory Database", _newest(folder), known, tuple(found))


def accepted(file: Path = ACCEPTED) -> dict[tuple[str, str], str]:
    """Package and entry to why it does not concern Aisle."""
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["accepted"]
    return {(entry["package"], entry["entry"]): " ".join(entry["why"].split()) for entry in entries}


def lines(
    databases: list[Database], pins: Mapping[str, str], why: Mapping[tuple[str, str], str]
) -> list[str]:
    """The report as Markdown."""
    told = [
        "| database | its newest entry | of the packages, it has entries on | findings |",
        "|---|---|---|---|",
    ]
    told += [
        f"| {db.name} | {db.until} | {db.known} of {len(pins)} | {len(db.findings)} |" for db in databases
    ]
    found = [(db, finding) for db in databases for finding in db.findings]
    if found:
        told += ["", "| package | entry | database | why it is no danger here |", "|---|---|---|---|"]
    for db, one in found:
        reason = why.get((one.package, one.entry), "**not accounted for**")
        told.append(f"| {one.package} {one.version} | `{one.entry}` | {db.name} | {reason} |")
    return told


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    import yaml

    for file in sorted(folder.glob("*.yaml")):
        yield yaml.safe_load(file.read_text(encoding="utf-8"))


def _newest(folder: Path) -> date:
    texts = (file.read_text(encoding="utf-8") for file in folder.glob("vulns/*/*.yaml"))
    return max(date.fromisoformat(day) for text in texts for day in _MODIFIED.findall(text))


def _affects(affected: Mapping[str, Any], name: str, version: str) -> bool:
    if canonicalize_name(affected["package"]["name"]) != name:
        return False
    ranges = [ran["events"] for ran in affected.get("ranges", ()) if ran["type"] == "ECOSYSTEM"]
    return version in affected.get("versions", ()) or any(_within(events, version) for events in ranges)


def _within(events: list[dict[str, str]], version: str) -> bool:
    """Whether a version lies in a range of the Open Source Vulnerability format; events are in order."""
    inside, mine = False, Version(version)
    for event in events:
        ((kind, at),) = event.items()
        edge = Version(at)
        if (kind == "introduced" and mine >= edge) or (kind == "fixed" and mine >= edge):
            inside = kind == "introduced"
        elif kind == "last_affected" and mine > edge:
            inside = False
    return inside


def _matches(version: str, specifier: str) -> bool:
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except InvalidSpecifier:
        return True  # an entry that can't be read is looked at by a person


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("constraints", type=Path)
    parser.add_argument("--safety-db", type=Path, required=True)
    parser.add_argument("--advisories", type=Path)
    parser.add_argument("--report", type=Path)
    given = parser.parse_args()
    pins, why = pinned(given.constraints), accepted()
    databases = [safety_db(given.safety_db, pins)]
    if given.advisories:
        databases.append(advisories(given.advisories, pins))
    told = lines(databases, pins, why)
    if given.report:
        head = REPORT.format(date=datetime.now(UTC).date(), packages=len(pins))
        given.report.write_text("\n".join([head, *told, ""]), encoding="utf-8")
    print("\n".join(told))
    unaccounted = [one for db in databases for one in db.findings if (one.package, one.entry) not in why]
    sys.exit(1 if unaccounted else 0)


REPORT = """# Known vulnerabilities of what Aisle is made of

Made on {date} by `.ci/offline_audit.py`: the {packages} versions in `constraints.txt`, looked up in copies of two
databases. What was published after a database's newest entry is not in it: where the Internet can be reached,
`make audit` asks the Open Source Vulnerabilities database, which is never old.
"""

if __name__ == "__main__":
    main()

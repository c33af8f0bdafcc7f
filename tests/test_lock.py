"""`requirements.lock` says the same as `constraints.txt`, with a hash for every file."""

from __future__ import annotations

import re
import tomllib

from tests.conftest import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in PIN.findall(text)}


def test_the_lock_holds_the_versions_that_every_install_uses_but_torch() -> None:
    assert pins("requirements.lock") == {k: v for k, v in pins("constraints.txt").items() if k != "torch"}


def test_everything_that_aisle_requires_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=\[ ]", line)[0]).lower() for line in wanted}
    assert names <= pins("constraints.txt").keys()


def test_every_locked_package_has_hashes() -> None:
    entries = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert [line for line in entries if "--hash=sha256:" not in line] == []

"""What whole-shop tests share: the demo shop, generated and built once for all workers."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from filelock import FileLock
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("AISLE_DATA", ROOT.parent / "shared" / "data"))

LONGEST = (
    "tests/ui/test_page.py",
    "tests/test_crash_safety.py",
    "tests/ui/test_page_products.py",
    "tests/ui/test_page_looks.py",
    "tests/ui/test_page_conversations.py",
    "tests/ui/test_cli.py",
    "tests/ui/test_hostile_texts.py",
    "tests/test_damage.py",
    "tests/ui/test_page_voice.py",
    "tests/ui/test_served_app.py",
    "tests/ui/test_gradio_page.py",
    "tests/test_benchmarks.py",
    "tests/retrieval/test_aspect_training.py",
    "tests/agent/test_erasure.py",
    "tests/test_postgres.py",
)
"""Files that take longest, which begin first so that no worker is left with one at the end. The first of them
builds the demo shop, for which the second does not wait: workers take the files in turn.
"""

settings.register_profile("aisle", deadline=None)  # a busy machine is no failure
settings.load_profile("aisle")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first, all others in their order."""
    place = {ROOT / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see the defaults, whatever the machine's environment sets."""
    for name in [name for name in os.environ if name.startswith("AISLE_") and name != "AISLE_DATA"]:
        monkeypatch.delenv(name)


def run_aisle(*arguments: str | Path, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


@pytest.fixture(scope="session")
def aisle() -> Callable[..., subprocess.CompletedProcess[str]]:
    return run_aisle


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated files of the demo shop."""
    return _once(tmp_path_factory, "demo_files", _generate)


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory, demo_files: Path) -> Path:
    """The demo shop, imported and built through the command line. Tests that write take a `copied_shop`."""

    def make(folder: Path) -> None:
        imported = run_aisle(
            "import", folder, "--products", demo_files / "products.csv", "--reviews",
            demo_files / "reviews.csv", "--events", demo_files / "events.csv", "--documents",
            demo_files / "documents",
        )  # fmt: skip
        assert imported.returncode == 0, imported.stderr
        built = run_aisle("build", folder)
        assert built.returncode == 0, built.stderr

    return _once(tmp_path_factory, "demo_shop", make)


@pytest.fixture(scope="session")
def minilm_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which MiniLM was exported, which takes torch some ten seconds."""

    def export(folder: Path) -> None:
        from retrieval.encoder import open_encoder

        open_encoder(backend="onnx", cache_folder=folder)

    return _once(tmp_path_factory, "minilm", export)


def copy_exported(minilm_cache: Path, folder: Path) -> Path:
    """A folder of the test's own with the exported model and nothing encoded."""
    shutil.copytree(minilm_cache / "encoders", folder / "encoders")
    return folder


@pytest.fixture
def copied_shop(demo_shop: Path, tmp_path: Path) -> Path:
    """A demo shop of the test's own, to write to."""
    return copy_shop(demo_shop, tmp_path / "shop")


def copy_shop(shop: Path, folder: Path) -> Path:
    """A copy of a shop that other tests may have open: its database is copied by SQLite, which knows its log."""
    shutil.copytree(shop, folder, ignore=shutil.ignore_patterns("shop.db*"), dirs_exist_ok=True)
    with (
        closing(sqlite3.connect(shop / "shop.db")) as opened,
        closing(sqlite3.connect(folder / "shop.db")) as copy,
    ):
        opened.backup(copy)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind that a shop may be kept in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL of an empty schema on the PostgreSQL server that ``TEST_POSTGRES`` names."""
    server = os.environ.get("TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL server: TEST_POSTGRES is empty; `.ci/postgres start FOLDER` prints a URL")
    name = f"test_{uuid.uuid4().hex}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.schema.CreateSchema(name))
        yield f"{server}&options=-csearch_path%3D{name}"
        connection.execute(sa.schema.DropSchema(name, cascade=True))
    admin.dispose()


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    """An empty database of each kind, opened."""
    engine = sa.create_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data that `AISLE_DATA` names."""
    if not DATA.is_dir():
        pytest.skip(f"no real data in {DATA}: set AISLE_DATA to its folder")
    return DATA


def _generate(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "examples/demo_shop/generate.py", str(folder)], cwd=ROOT, check=True, timeout=120
    )


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all workers of a run, which share the parent of their base folders."""
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            make(folder)
            done.touch()
    return folder

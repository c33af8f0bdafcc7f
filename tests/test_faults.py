"""Whatever the machine refuses, the owner gets one line that says what to do, and an exit code."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from agent.database import check_database
from agent.errors import ShopError
from agent.faults import explained
from agent.operations import commands
from agent.shop import DATABASE, Shop
from tests.conftest import ROOT, run_aisle


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE photos (id)")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_text("id,title\n"), "is no SQLite database"),
        (_cut, "is damaged"),
        (
            lambda path: (path.unlink(), _foreign(path)),
            "another program's database, it has the tables photos",
        ),
    ],
)
def test_a_database_that_is_not_the_shops_is_named(
    demo_shop: Path, tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    shutil.copy2(demo_shop / DATABASE, tmp_path / DATABASE)
    spoil(tmp_path / DATABASE)
    with pytest.raises(ShopError, match=told):
        Shop.open(tmp_path)


def test_a_foreign_database_is_not_imported_into(tmp_path: Path) -> None:
    _foreign(tmp_path / DATABASE)
    with pytest.raises(ShopError, match="photos"):
        Shop.create(tmp_path)


def test_a_database_that_a_stopped_import_left_is_still_a_shop(demo_shop: Path, tmp_path: Path) -> None:
    """Its pages may stand in the write-ahead log alone; SQLite puts them in their place."""
    shutil.copy2(demo_shop / DATABASE, tmp_path / DATABASE)
    writer = sqlite3.connect(tmp_path / DATABASE)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE IF NOT EXISTS more (x)")
    writer.commit()
    for name in (DATABASE, f"{DATABASE}-wal"):
        (tmp_path / "left").mkdir(exist_ok=True)
        shutil.copy2(tmp_path / name, tmp_path / "left" / name)
    writer.close()
    assert Shop.open(tmp_path / "left").catalog.count() > 0


def test_a_shop_that_is_opened_again_keeps_the_log_of_the_one_that_is_open(copied_shop: Path) -> None:
    """POSIX locks are a process's own: a file that is closed by the way takes the open connection's along."""
    path = copied_shop / DATABASE
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        assert opened.execute("SELECT count(*) FROM products").fetchone()[0] > 0
        check_database(path)
        program = (
            "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); "
            "d.execute('SELECT * FROM products'); d.close()"
        )
        subprocess.run([sys.executable, "-c", program, str(path)], check=True, timeout=60)
        assert path.with_name(f"{DATABASE}-wal").is_file()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a.npy"), "no space left for a.npy"),
        (OSError(errno.EMFILE, "Too many open files", "a.npy"), "too many open files"),
        (OSError("Not enough free space to write 9 bytes after offset 128"), "no space left"),
        (PermissionError(errno.EACCES, "Permission denied", "shop"), "make the folder writable"),
        (OSError(errno.EROFS, "Read-only file system", "shop"), "make the folder writable"),
        (sqlite3.OperationalError("database or disk is full"), "no space left"),
        (
            OperationalError("x", {}, sqlite3.OperationalError("attempt to write a readonly database")),
            "writable",
        ),
        (sqlite3.OperationalError("disk I/O error"), "see that it is sound and has space"),
        (sqlite3.DatabaseError("database disk image is malformed"), "put a backup in its place"),
        (sqlite3.OperationalError("database is locked"), "busy"),
        (OperationalError("x", {}, RuntimeError("connection failed:\n  refused")), "failed: refused"),
        (OperationalError("x", {}, RuntimeError("connection is bad")), "AISLE_DATABASE"),
        (MemoryError(), "out of memory"),
    ],
)
def test_a_fault_of_the_machine_says_what_to_do(error: BaseException, told: str) -> None:
    assert told in (explained(error) or "")


def test_a_bug_is_not_taken_for_a_fault_of_the_machine() -> None:
    assert explained(KeyError("x")) is None
    assert explained(BrokenPipeError()) is None


def test_a_build_on_a_full_disk_ends_in_one_line_and_the_shop_stays(copied_shop: Path) -> None:
    before = Shop.open(copied_shop).build_folder
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "build", str(copied_shop), "--force"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: _limit_files(200_000),  # as a full disk, but for the error's number
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("aisle: ")
    assert Shop.open(copied_shop).build_folder == before


def _limit_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_little_room_on_the_disk_is_told_whatever_the_library_says(
    copied_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("Failed to apply logs to the metadata segment")

    monkeypatch.setattr("agent.operations.build._build", fails)
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))  # type: ignore[attr-defined]
    with pytest.raises(ShopError, match="is full"):
        commands.build(copied_shop)


def test_a_fault_of_aisle_itself_is_one_line_and_code_70(tmp_path: Path) -> None:
    code = "import ui.cli.app as a; a._COMMANDS = ('no_such_module',); a.main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "AISLE_DEBUG=1" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_help_tells_the_exit_codes() -> None:
    told = " ".join(run_aisle("--help").stdout.split())
    assert all(code in told for code in ("0 done", "1 could not", "2 no such", "70 a fault", "130 stopped"))


def test_ctrl_c_is_one_line_that_says_what_to_do(copied_shop: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "build", str(copied_shop), "--force"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background ignores it
    )
    deadline = time.monotonic() + 60
    while not any((copied_shop / "builds" / "work").glob("*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT), told  # a shell tells 130 of both
    assert "Traceback" not in told
    assert "stopped; the same command goes on" in told


def test_ctrl_c_is_seen_behind_the_error_that_a_library_makes_of_it() -> None:
    code = (
        "import ui.cli.app as a\n"
        "def start():\n"
        "    try:\n"
        "        raise KeyboardInterrupt\n"
        "    except KeyboardInterrupt:\n"
        "        raise RuntimeError('initialisation failed')\n"
        "a._quiet_libraries = start\n"
        "a.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert "stopped; the same command goes on" in done.stderr


def test_a_wrong_setting_is_told_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_EFFORT", "loud")
    monkeypatch.setenv("AISLE_THREDS", "2")
    done = run_aisle("build", tmp_path / "none")
    assert done.returncode == 1
    assert "AISLE_EFFORT is 'loud'" in done.stderr
    assert "did you mean AISLE_THREADS?" in done.stderr
    assert "no shop" not in done.stderr


def test_a_build_is_not_called_missing_or_damaged_where_no_file_can_be_opened(
    demo_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_arguments: object, **_named: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))

    shop = Shop.open(demo_shop)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ShopError, match=r"can't be read.*[Tt]oo many open files"):
        _ = shop.build_folder


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted in /proc")
def test_an_opened_shop_holds_few_files_open(demo_shop: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    shop = Shop.open(demo_shop)
    shop.open_build()
    assert len(os.listdir("/proc/self/fd")) - before < 15

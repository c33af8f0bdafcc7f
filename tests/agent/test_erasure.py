"""What is left of a shopper who was forgotten: nothing, in any file of the shop; and that old turns go."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from agent.dialogue import DialogueState, Topic
from agent.errors import AisleError
from agent.explanations.evidence import review_evidence
from agent.operations import commands
from agent.records import Card, TurnRecord
from agent.settings import Settings
from agent.shop import Shop
from agent.storage.carts import Carts, cart_owner
from agent.storage.consents import Consents
from agent.storage.erasure import erase_shopper
from agent.storage.lists import ShopperLists
from agent.storage.memories import MemoryStatement, MemoryStore
from agent.storage.sessions import DialogueStore
from agent.storage.turns import TurnStore

ANN, BOB = "shopper-zq81-ann", "shopper-kk02-bob"
PSEUDONYM = "QuietOtter77"
"""The name that the shopper's own ids are made with: of sessions and reviews."""
SAID, REVIEWED, KEPT = (
    "The zebra harp lantern hums tango at midnight.",
    "My purple walrus mug survived Lisbon twice.",
    "I never wear crimson velociraptor wool.",
)
OTHERS = "The handle stays cool and the lid fits."
SETTINGS = Settings(effort="quick")  # type: ignore[call-arg]
NOW = datetime.now(UTC)


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of eight products, two builds, and two shoppers who reviewed, did and bought."""
    files, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("shops") / "shop"
    products = [
        {"item_id": f"p{n}", "title": f"{kind} mug {n}", "category": "Kitchen", "price": 5 + n}
        for n, kind in enumerate(("Red", "Blue", "Tall", "Small", "Steel", "Glass", "Travel", "Camping"))
    ]
    reviews = [
        {
            "review_id": f"{PSEUDONYM if user == ANN else 'r'}-{n}",
            "item_id": f"p{n}",
            "user_id": user,
            "stars": stars,
            "title": "",
            "text": text,
            "time": "2026-01-0" + str(n + 1),
        }
        for user, text, stars in ((ANN, REVIEWED, 5), (BOB, OTHERS, 4))
        for n in range(3)
    ]
    # A row that is rejected, and whose value names the shopper.
    events = [{"user_id": ANN, "item_id": "p1", "kind": f"{ANN} waved", "time": "2026-02-01"}] + [
        {"user_id": user, "item_id": f"p{n}", "kind": "purchase", "time": f"2026-02-0{n + 1}"}
        for user in (ANN, BOB)
        for n in range(5)
    ]
    given = {
        "products": write_rows(files / "products.csv", products),
        "reviews": write_rows(files / "reviews.csv", reviews),
        "events": write_rows(files / "events.csv", events),
    }
    commands.import_files(folder, **given, settings=SETTINGS)
    commands.build(folder, settings=SETTINGS)
    write_rows(
        files / "more.csv", [{"item_id": "p8", "title": "Ninth mug", "category": "Kitchen", "price": 9}]
    )
    commands.import_files(folder, products=files / "more.csv", settings=SETTINGS)
    commands.import_files(folder, events=given["events"], settings=SETTINGS)  # leaves a rejected.csv
    commands.build(folder, settings=SETTINGS)
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop.open(shutil.copytree(built, tmp_path / "shop"), SETTINGS)
    yield shop
    shop.engine.dispose()


def plant(shop: Shop, user_id: str) -> None:
    """Leave the shopper in every store that a conversation writes to, and in every report."""
    session = f"{PSEUDONYM}-session" if user_id == ANN else "bobs-session"
    state = DialogueState(session_id=session, user_id=user_id, topics=(Topic(query=SAID),))
    DialogueStore(shop.engine).save(state)
    card = Card(handle="P1", item_id="p1", title="Blue mug")
    turn = TurnRecord(
        turn_id=f"t-{session}", session_id=session, user_id=user_id, time=NOW, utterance=SAID, shown=(card,)
    )
    TurnStore(shop.engine).save(turn, exposure=True)
    statement = MemoryStatement(key="avoid:wool", value="wool", text=KEPT)
    MemoryStore(shop.engine).remember(user_id, statement, source=f"turn t-{session}")
    Carts(shop.engine).put(cart_owner(user_id, session), "p2", 2)
    ShopperLists(shop.engine).begin(user_id, session, SAID)
    ShopperLists(shop.engine).mark(user_id, "p1", "saved", session)
    Consents(shop.engine).decide(user_id, "exposure", True)
    with shop.engine.connect() as connection:  # from the write-ahead log into the file
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def quote(shop: Shop, review_id: str, text: str) -> TurnRecord:
    """A turn of Bob's in which he was shown a review."""
    record = TurnRecord(
        turn_id=f"quotes {review_id}",
        session_id="bobs-session",
        user_id=BOB,
        time=NOW,
        utterance="what do buyers say?",
        evidence=(review_evidence("p1", review_id, text),),
        reply=f"One says: “{text}”",
    )
    TurnStore(shop.engine).save(record, exposure=False)
    return record


def files_that_hold(folder: Path, *secrets: str) -> list[tuple[str, str]]:
    """Every file whose bytes, or whose compressed records, hold one of the secrets."""
    needles = [needle for secret in secrets for needle in (secret, json.dumps(secret)[1:-1], secret.lower())]
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for needle in set(needles):
            if needle.encode() in data or needle.encode("utf-16-le") in data:
                found.append((str(path.relative_to(folder)), needle))
    with sqlite3.connect(folder / "shop.db") as database:  # turn records are compressed
        for (record,) in database.execute("SELECT data FROM turns"):
            found += [("turns", needle) for needle in needles if needle.encode() in zlib.decompress(record)]
    database.close()
    return found


def test_nothing_of_a_forgotten_shopper_is_left_in_any_file(shop: Shop) -> None:
    plant(shop, ANN)
    quote(shop, f"{PSEUDONYM}-1", REVIEWED)
    (shop.folder / "reports").mkdir()
    (shop.folder / "reports" / "data.html").write_text(f"suspicious: {ANN}")
    (shop.folder / "builds" / "work").mkdir()
    (shop.folder / "builds" / "work" / "half.json").write_text(REVIEWED)
    secrets = (ANN, PSEUDONYM, SAID, REVIEWED, KEPT)
    before = {name for name, _ in files_that_hold(shop.folder, *secrets)}
    assert {"shop.db", "rejected.csv", "turns", "reports/data.html"} < before
    assert sum(name.endswith("reviews.db") for name in before) == 2, "both builds hold the review"
    erasure = erase_shopper(shop, ANN)
    assert files_that_hold(shop.folder, *secrets) == []
    assert erasure.rows == {
        "events": 8,
        "sessions": 1,
        "turns": 1,
        "exposures": 1,
        "memories": 1,
        "cart": 1,
        "lists": 2,
        "consents": 1,
        "reviews": 3,
        "turns of others that quote these reviews": 1,
    }


def test_the_other_shoppers_stay_and_the_shop_answers(shop: Shop) -> None:
    for user in (ANN, BOB):
        plant(shop, user)
    erase_shopper(shop, ANN)
    left = shop.reopened()
    assert len(left.events.history(BOB)) == 8
    assert [review.user_id for review in left.catalog.reviews()] == [BOB] * 3
    assert left.reviews.signals("p1").review_count == 1
    assert left.search.search("travel mug", k=1).hits[0].item_id == "p6"
    assert Carts(left.engine).items(cart_owner(BOB, "")) == {"p2": 2}
    assert [path.name for path in (left.folder / "builds").iterdir()] == [left.build_folder.name]


def test_what_others_were_shown_of_their_reviews_goes_too(shop: Shop) -> None:
    quote(shop, f"{PSEUDONYM}-1", REVIEWED)
    kept = quote(shop, "r-1", OTHERS)
    assert erase_shopper(shop, ANN).rows["turns of others that quote these reviews"] == 1
    assert list(TurnStore(shop.engine).all_turns()) == [kept]


def test_an_id_that_begins_like_theirs_is_somebody_else(shop: Shop) -> None:
    assert erase_shopper(shop, ANN[:-1]).count == 0
    assert erase_shopper(shop, ANN.upper()).count == 0
    assert len(shop.events.history(ANN)) == 8


def test_nothing_is_built_for_a_shopper_of_whom_nothing_is_kept(shop: Shop) -> None:
    (shop.folder / "rejected.csv").unlink(missing_ok=True)
    build = shop.build_folder
    lines = erase_shopper(shop, "nobody").lines()
    assert lines == ["nothing is kept of the shopper nobody: check the id, case included"]
    assert shop.reopened().build_folder == build


def test_nothing_is_built_for_a_shopper_who_only_talked(shop: Shop) -> None:
    assistant = ShoppingAssistant.open(shop)
    assistant.reply("a travel mug", user_id="only-talked", session_id="talk")
    build = shop.build_folder
    assert assistant.forget_shopper("only-talked").rows["turns"] == 1
    assert shop.reopened().build_folder == build
    assert files_that_hold(shop.folder, "only-talked") == []
    assistant.shop.engine.dispose()


def test_an_erasure_that_was_stopped_after_the_database_is_completed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.storage import erasure

    def stopped(*_: object, **__: object) -> None:
        raise AisleError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "build", stopped)
        with pytest.raises(AisleError, match="erased from the database, but not yet from the builds"):
            erase_shopper(shop, ANN)
    assert files_that_hold(shop.folder, REVIEWED) != []
    erase_shopper(shop, ANN)
    assert files_that_hold(shop.folder, ANN, PSEUDONYM, REVIEWED) == []


def test_a_review_that_was_added_to_a_build_goes_with_it(shop: Shop) -> None:
    review = next(review for review in shop.catalog.reviews() if review.user_id == ANN)
    shop.reviews.add_review(review.model_copy(update={"review_id": "added", "text": SAID}))
    shop.reviews.close()
    erase_shopper(shop, ANN)
    assert files_that_hold(shop.folder, ANN, SAID) == []


def test_an_assistant_forgets_what_was_said_to_it_and_goes_on_with_the_new_build(shop: Shop) -> None:
    assistant = ShoppingAssistant.open(shop)
    assistant.consent(ANN, "exposure", True)
    assistant.reply("a travel mug", user_id=ANN, session_id="said")
    assistant.reply("I'll take the first", user_id=ANN, session_id="said")
    old = shop.build_folder
    assert assistant.forget_shopper(ANN).rows["turns"] == 2
    assert assistant.shop.build_folder != old
    assert list(assistant.turns.turns("said")) == []
    assert assistant.sessions.load("said") is None
    assert assistant.reply("a travel mug", user_id=ANN, session_id="said").cards
    assistant.shop.engine.dispose()


def test_the_command_reports_what_was_erased_and_what_is_left_to_do(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from ui.cli import privacy_commands
    from ui.cli.app import app

    assert privacy_commands.forget
    monkeypatch.setenv("AISLE_EFFORT", "quick")
    result = CliRunner().invoke(app, ["forget", str(shop.folder), "--user", ANN])
    assert result.exit_code == 0, result.output
    assert "reviews: 3 erased" in result.output
    assert "imported from" in result.output


def test_turns_are_kept_as_many_days_as_the_setting_says(shop: Shop) -> None:
    store = TurnStore(shop.engine)
    for days in (1, 40):
        record = TurnRecord(
            turn_id=f"{days} days old",
            session_id="s",
            user_id=None,
            time=NOW - timedelta(days=days),
            utterance=SAID if days == 40 else "a mug",
        )
        store.save(record, exposure=False)
    settings = Settings(keep_turns_days=30)  # type: ignore[call-arg]
    assert commands.retain(shop.folder, settings=settings) == {"turns": 1, "conversations": 0}
    assert [record.turn_id for record in store.turns("s")] == ["1 days old"]


def test_turns_are_kept_for_ever_unless_a_setting_says_so(shop: Shop) -> None:
    with pytest.raises(AisleError, match="AISLE_KEEP_TURNS_DAYS"):
        commands.retain(shop.folder)

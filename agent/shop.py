"""A shop in one folder, opened: the composition root that joins the lower rooms for the agent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event

from agent.database import check_database
from agent.errors import AisleError, ShopError
from agent.faults import EXHAUSTED, explained
from agent.integrity import first_damaged, is_sealed
from agent.settings import Settings, read_settings

if TYPE_CHECKING:
    from agent.storefront import Storefront
    from cf_engine.events import EventLog
    from cf_engine.serving import CFEngine
    from retrieval.aspect_sentiment import ClausePairs
    from retrieval.catalog import Catalog
    from retrieval.documents import DocumentIndex
    from retrieval.encoder import CachedEncoder
    from retrieval.records import Product
    from retrieval.review_index import ReviewIndex
    from retrieval.search import SearchEngine
    from retrieval.sentiment import CachedSentiment

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
DATABASE = "shop.db"
_BUILD_ID = re.compile(r"[\w-]+", re.ASCII)
REPORTS, RERANKER, TUNING = "reports", "reranker", "tuning"


class Shop:
    """One shop: the truth in its database, and the derived parts of its build, opened when first used.

    Opening reads no model. ``folder`` holds `shop.db` (or the database that ``AISLE_DATABASE`` names is the
    truth), `builds/` and `CURRENT`; everything but the database can be deleted and is built again.
    """

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.folder = folder
        self.settings = settings or read_settings()
        self._revision: int | None = None

    @classmethod
    def create(cls, folder: str | Path, settings: Settings | None = None) -> Shop:
        """Open the shop in ``folder``, making the folder when there is none."""
        path = Path(folder)
        if path.exists() and not path.is_dir():
            raise ShopError(f"{path} is a file, and a shop is a folder: name a folder, new or existing")
        path.mkdir(parents=True, exist_ok=True)
        shop = cls(path, settings)
        if not shop.settings.database and (path / DATABASE).is_file() and (path / DATABASE).stat().st_size:
            check_database(path / DATABASE)
        return shop

    @classmethod
    def open(cls, folder: str | Path, settings: Settings | None = None) -> Shop:
        """Open an existing shop.

        Raises:
            ShopError: when there is no shop in ``folder``, or its database is not one of a shop.
        """
        path = Path(folder)
        shop = cls(path, settings)
        if shop.settings.database:
            return shop
        if not (path / DATABASE).is_file():
            raise ShopError(
                f"no shop in {path}: expected {path / DATABASE}; make one with "
                f"`aisle import {path} --products FILE`"
            )
        check_database(path / DATABASE)
        return shop

    @cached_property
    def engine(self) -> Engine:
        if self.settings.database:
            return create_engine(self.settings.database, pool_pre_ping=True)
        engine = create_engine(f"sqlite:///{self.folder / DATABASE}", connect_args={"timeout": 30})
        event.listen(engine, "connect", _tune_sqlite)
        return engine

    @cached_property
    def catalog(self) -> Catalog:
        from retrieval.catalog import Catalog

        return Catalog(self.engine)

    @cached_property
    def storefront(self) -> Storefront:
        """How the shop presents itself: what `shop.toml` says."""
        from agent.storefront import Storefront

        return Storefront.read(self.folder)

    @cached_property
    def events(self) -> EventLog:
        from cf_engine.events import EventLog

        return EventLog(self.engine)

    @property
    def build_folder(self) -> Path:
        """The folder of the current build, every file of it checked against its hash.

        Raises:
            ShopError: when the shop has no build, or its build is damaged.
        """
        build = self.named_build()
        if build is None:
            raise ShopError(f"{self.folder} has no build to answer from: run `aisle build {self.folder}`")
        if damaged := _damaged(build):
            raise ShopError(
                f"the build {build.name} of {self.folder} is damaged ({damaged}): "
                f"run `aisle build {self.folder}`"
            )
        return build

    def named_build(self) -> Path | None:
        """The folder of the build that `CURRENT` names, whole or not; None where it names none.

        Raises:
            ShopError: `CURRENT` is there and cannot be read.
        """
        try:
            name = (self.folder / CURRENT).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        except OSError as error:
            raise ShopError(f"{self.folder / CURRENT} can't be read ({error.strerror})") from error
        build = self.folder / "builds" / name
        return build if _BUILD_ID.fullmatch(name) and build.is_dir() else None

    @cached_property
    def _build(self) -> Path:
        # Read once, so that every part of this opened shop comes from one and the same build.
        return self.build_folder

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return dict(json.loads((self._build / MANIFEST).read_text(encoding="utf-8")))

    @property
    def cache_folder(self) -> Path:
        return self.folder / "cache"

    @cached_property
    def encoder(self) -> CachedEncoder:
        from retrieval.encoder import open_encoder

        settings = self.settings
        return open_encoder(
            settings.encoder,
            backend=settings.encoder_backend,
            cache_folder=self.cache_folder,
            exports_folder=settings.exports_folder,
            threads=settings.threads,
        )

    @cached_property
    def sentiment(self) -> CachedSentiment:
        from retrieval.sentiment import open_sentiment

        settings = self.settings
        return open_sentiment(
            settings.sentiment,
            cache_folder=self.cache_folder,
            exports_folder=settings.exports_folder,
            threads=settings.threads,
        )

    @cached_property
    def aspect_sentiment(self) -> ClausePairs | None:
        """What reads a thing in its clause; it goes with the delivered sentiment model."""
        from retrieval.aspect_sentiment import open_clause_pairs

        if self.settings.sentiment != "default":
            return None
        return open_clause_pairs(
            cache_folder=self.cache_folder,
            exports_folder=self.settings.exports_folder,
            threads=self.settings.threads,
        )

    @cached_property
    def search(self) -> SearchEngine:
        from retrieval.search import SearchEngine

        reranker = self.settings.reranker
        own = self.folder / RERANKER
        if reranker == "learned" and own.is_dir():
            reranker = f"learned:{own}"
        return SearchEngine.open(
            self._build / "search", encoder=self.encoder, reranker=reranker, chroma=self.settings.chroma
        )

    @cached_property
    def cf(self) -> CFEngine:
        from cf_engine.serving import CFEngine

        return CFEngine.open(self._build / "cf")

    @cached_property
    def reviews(self) -> ReviewIndex:
        from retrieval.review_index import ReviewIndex

        return ReviewIndex.open(
            self._build / "reviews",
            encoder=self.encoder,
            sentiment=_WhenNeeded(self),
            aspect_sentiment=_PairsWhenNeeded(self) if self.settings.sentiment == "default" else None,
        )

    @cached_property
    def documents(self) -> DocumentIndex | None:
        from retrieval.documents import DocumentIndex

        folder = self._build / "documents"
        if not folder.is_dir():
            return None
        return DocumentIndex.open(folder, encoder=self.encoder, chroma=self.settings.chroma)

    def open_build(self) -> None:
        """Open all that a turn reads, so that a build that cannot be read is found now and not in a turn.

        Raises:
            ShopError: a part can't be opened; says which and why.
        """
        for part in ("search", "cf", "reviews", "documents"):
            try:
                getattr(self, part)
            except AisleError:
                raise
            except Exception as error:
                why = explained(error) or str(error) or type(error).__name__
                raise ShopError(
                    f"the {part} part of {self._build} can't be opened ({why}): "
                    f"run `aisle build {self.folder}`"
                ) from error

    def catch_up(self) -> None:
        """Let search answer as the catalogue is now, where products changed or went since the build.

        Cost: one look-up where nothing did.
        """
        built = int(self.manifest.get("catalog_revision", 0))
        revision = self.catalog.revision()
        if revision != (built if self._revision is None else self._revision):
            self.search.catch_up(self.catalog.changed_since(built))
            self._revision = revision

    def product(self, item_id: str) -> Product | None:
        """The product as the catalogue has it now, with what the build reads out of its texts."""
        data = self.catalog.written(item_id)
        return None if data is None else self._completed(data)

    @cached_property
    def _completed(self) -> Callable[[str], Product]:
        from retrieval.catalog_tables import product_of

        return lru_cache(maxsize=4_096)(lambda data: self.search.completed(product_of(data)))

    def item_vectors(self, search: SearchEngine) -> tuple[Sequence[str], Any]:
        """Item ids and what recommenders read of their texts: sentence vectors joined with word vectors."""
        from cf_engine.text import join_vectors, word_vectors

        ids = search.item_ids
        titles = {product.item_id: product.title for product in self.catalog.products()}
        words = word_vectors([titles.get(item_id, "") for item_id in ids])
        return ids, join_vectors(search.vectors(ids), words)

    def departments(self) -> dict[str, str]:
        """The top of each product's category path, by item id."""
        return {p.item_id: p.category[0] for p in self.catalog.products() if p.category}

    def reopened(self) -> Shop:
        """The same shop on its newest build; a build never changes under an opened shop."""
        return Shop(self.folder, self.settings)


@dataclass(frozen=True)
class _WhenNeeded:
    """The shop's sentiment model, opened at its first sentence: only a new review needs it."""

    shop: Shop

    def predict(self, sentences: Sequence[str], progress: Any = None) -> Any:
        return self.shop.sentiment.predict(sentences, progress)


@dataclass(frozen=True)
class _PairsWhenNeeded:
    """The same for the model of things in their clauses."""

    shop: Shop

    def predict(self, pairs: Sequence[tuple[str, str]]) -> Any:
        model = self.shop.aspect_sentiment
        assert model is not None  # only the delivered model is wrapped
        return model.predict(pairs)


def _damaged(build: Path) -> str | None:
    """The first file that is not as the manifest says; None where all are."""
    try:
        manifest = json.loads((build / MANIFEST).read_text(encoding="utf-8"))
        return first_damaged(build, manifest["files"]) if is_sealed(manifest) else MANIFEST
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return MANIFEST
    except (ValueError, KeyError, TypeError, AttributeError):
        return MANIFEST


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a committed batch is acknowledged to the owner, so it must survive a power cut as well.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten with zeros: a forgotten shopper's words must not lie on in free pages.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()

"""What may be kept and shown of a shopper: consents, and what is masked before a model or a log sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal, get_args

import sqlalchemy as sa

Purpose = Literal["personalise", "remember", "exposure"]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
DEFAULTS: Final[dict[Purpose, bool]] = {"personalise": True, "remember": False, "exposure": False}
"""``personalise``: rank by the shop's own record of what they did (may be withdrawn). ``remember``: keep
lasting
preferences beyond the conversation. ``exposure``: log which products were shown to them."""

_metadata = sa.MetaData()
_consents = sa.Table(
    "consents",
    _metadata,
    sa.Column("user_id", sa.String(200), primary_key=True),
    sa.Column("purpose", sa.String(20), primary_key=True),
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("decided_at", sa.String(32), nullable=False),
)


class Consents:
    """Who agreed to what and when. Nobody is asked twice for what they decided."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def given(self, user_id: str | None) -> dict[Purpose, bool]:
        """The consents in force; a guest without an id has the defaults."""
        decided = dict(DEFAULTS)
        if user_id is None:
            return decided
        query = sa.select(_consents.c.purpose, _consents.c.granted).where(_consents.c.user_id == user_id)
        with self._engine.connect() as connection:
            for purpose, granted in connection.execute(query):
                if purpose in decided:
                    decided[purpose] = bool(granted)
        return decided

    def decided(self, user_id: str, purpose: Purpose) -> bool:
        """Whether the shopper has said yes or no to this."""
        query = sa.select(_consents.c.granted).where(
            _consents.c.user_id == user_id, _consents.c.purpose == purpose
        )
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def decide(self, user_id: str, purpose: Purpose, granted: bool) -> None:
        """Keep a decision.

        Raises:
            ValueError: for a purpose that does not exist.
        """
        if purpose not in PURPOSES:
            raise ValueError(f"unknown purpose {purpose!r}; there are {', '.join(PURPOSES)}")
        key = {"user_id": user_id, "purpose": purpose}
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_consents).filter_by(**key))
            connection.execute(
                sa.insert(_consents).values(**key, granted=granted, decided_at=datetime.now(UTC).isoformat())
            )

    def forget(self, user_id: str, connection: sa.Connection) -> int:
        """Delete a shopper's decisions within the transaction of ``connection``; how many there were."""
        return connection.execute(sa.delete(_consents).where(_consents.c.user_id == user_id)).rowcount


def masked(text: str) -> str:
    """A text without street and e-mail addresses, telephone, account, card and social-security numbers: all
    that a model, a log or a record may see.
    """
    from retrieval.reviews.text import mask_personal_data

    return mask_personal_data(text)

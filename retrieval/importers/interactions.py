"""A row by field to a validated Review or RawEvent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from retrieval.importers import values
from retrieval.importers.identity import identity, stable_id, validated
from retrieval.importers.records import BadValueError, RawEvent
from retrieval.importers.survey import fingerprint
from retrieval.records import Review

Fields = Mapping[str, Any]
_KINDS = {
    "view": "view viewed pageview viewitem productview detailview impression pdpview",
    "click": "click clicked selectitem clickitem open",
    "like": "like liked favorite favourite favorited wishlist addtowishlist save thumbsup heart",
    "dislike": "dislike disliked thumbsdown hide notinterested",
    "cart": "cart addtocart carted basket addtobasket add begincheckout",
    "purchase": "purchase purchased order ordered buy bought transaction sale conversion checkout",
    "rating": "rating rate rated review reviewed stars",
}
_KIND = {alias: kind for kind, aliases in _KINDS.items() for alias in aliases.split()}
_START = datetime(2000, 1, 1, tzinfo=UTC)


class ReviewBuilder:
    """Builds the reviews of one file."""

    def build(self, fields: Fields) -> Review:
        """
        Raises:
            BadValueError: no product, stars off the scale of 1 to 5, or neither stars nor words.
        """
        item_id = identity("item_id", fields.get("item_id"))
        user_id = values.text(fields.get("user_id")) or None
        stars = values.number("stars", fields.get("stars"))
        if stars is not None and not 1 <= stars <= 5:
            raise BadValueError("stars", fields.get("stars"), "1 to 5")
        time = values.time("time", fields.get("time"))
        title, text = values.line(fields.get("title")), values.plain(fields.get("text"))
        if stars is None and not text and not title:
            raise BadValueError("text", "", "stars or words")
        given = values.text(fields.get("review_id"))
        return validated(
            Review,
            review_id=given or stable_id("r", item_id, user_id, time, stars, title, text),
            item_id=item_id,
            user_id=user_id,
            stars=stars,
            title=title,
            text=text,
            time=time,
            helpful=_helpful(fields.get("helpful")),
            verified=_flag(fields.get("verified")),
        )


def _helpful(raw: Any) -> int:
    """A count, or ``[helpful, votes]``."""
    found = values.structure(raw)
    if isinstance(found, (list, tuple)):
        found = found[0] if found else 0
    return max(0, int(values.number("helpful", found) or 0))


def _flag(raw: Any) -> bool | None:
    found = values.attribute(raw)
    return bool(found) if isinstance(found, (bool, float)) else None


class EventBuilder:
    """Builds the events of one file; the same event in a file again gets an id of its own."""

    def __init__(self, repeats: frozenset[int]) -> None:
        """``repeats``: fingerprints of the ids that stand in the file more than once."""
        self._repeats = repeats
        self._count: Counter[int] = Counter()
        self.seen: Counter[str] = Counter()

    def build(self, fields: Fields, row: int) -> RawEvent:
        """
        Raises:
            BadValueError: no shopper or product, an unknown kind, or a rating off the scale of 1 to 5.
        """
        user_id = identity("user_id", fields.get("user_id"))
        item_id = identity("item_id", fields.get("item_id"))
        kind = self._kind(fields)
        value = values.number("value", fields.get("value"))
        if kind == "rating" and (value is None or not 1 <= value <= 5):
            raise BadValueError("value", fields.get("value"), "stars from 1 to 5")
        time = values.time("time", fields.get("time"))
        if time is None:  # the order is known, the moment is not: a minute for each place
            self.seen["no time"] += 1
            place = values.number("position", fields.get("position"))
            time = _START + timedelta(minutes=row if place is None else place)
        given = values.text(fields.get("event_id"))
        own = given or self._event_id(user_id, item_id, kind, time, value)
        session_id = values.text(fields.get("session_id")) or None
        return RawEvent(own, user_id, item_id, kind, time, value, session_id)

    def _kind(self, fields: Fields) -> Any:
        raw = values.text(fields.get("kind"))
        if not raw:
            rated = bool(values.text(fields.get("value")))
            self.seen["no kind: rating" if rated else "no kind: purchase"] += 1
            return "rating" if rated else "purchase"
        kind = _KIND.get(re.sub(r"[\W_]+", "", raw.casefold()))
        if kind is None:
            raise BadValueError("kind", raw, "one of " + ", ".join(_KINDS))
        return kind

    def _event_id(self, user_id: str, item_id: str, kind: str, time: datetime, value: float | None) -> str:
        own = event_id(user_id, item_id, kind, time, value)
        print_ = fingerprint(own)
        if print_ not in self._repeats:
            return own
        self._count[print_] += 1
        return event_id(user_id, item_id, kind, time, value, nth=self._count[print_] - 1)


def event_id(user_id: str, item_id: str, kind: str, time: datetime, value: float | None, nth: int = 0) -> str:
    """The id of an event that came without one: the same event read again gets the same id."""
    return stable_id("e", user_id, item_id, kind, time, value, *((nth,) if nth else ()))


def rating_of(review: Review) -> RawEvent | None:
    """A review with a shopper, stars and a time is also a ``rating``, for collaborative filtering."""
    if review.user_id is None or review.stars is None or review.time is None:
        return None
    own = event_id(review.user_id, review.item_id, "rating", review.time, review.stars)
    return RawEvent(own, review.user_id, review.item_id, "rating", review.time, review.stars)

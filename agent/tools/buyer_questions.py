"""What a question to buyers is about: which side is asked for, and of which thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from agent.tools.asked import content
from agent.understanding.language.text import tokenize
from retrieval.records import Product

Wanted = Literal["verdict", "for", "against", "topic", "genuine"]
_AGAINST = re.compile(
    r"\b(?:complain\w*|moan\w*|whinge\w*|gripes?|dislik\w*|hate[sd]?|problems?|issues?|faults?|flaws?|cons|downsides?|drawbacks?|"
    r"negatives?|annoy\w*|grumbl\w*|criticis\w*|criticiz\w*|unhappy|"
    r"trouble|bad|wrong with|worst thing|slag\w*|nasty|let ?downs?|regret\w*)\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:prais\w*|lov(?:e|es|ed|ing)|pros|upsides?|strengths?|positives?|rave\w*|best thing|"
    r"good (?:points?|things?))\b",
    re.IGNORECASE,
)
_GENUINE = re.compile(
    r"\b(?:fakes?|faked|genuine|authentic|legit\w*|trustworthy|paid|invented|suspicious)\b[^.?!]*\breviews?\b"
    r"|\breviews?\b[^.?!]*\b(?:fakes?|faked|genuine|authentic|honest|legit\w*|trust\w*|real|paid|invented|suspicious)\b"
    r"|\b(?:trust|believe|rely on)\b[^.?!]*\breviews?\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?:[a-z]+\d|\d+[a-z])[a-z\d]*\b", re.IGNORECASE)
_TALK = re.compile(
    r"\b(?:people|persons?|folks?|everyone|everybody|anyone|anybody|someone|somebody|buyers?|customers?|owners?|users?|"
    r"reviewers?|reviews?|reviewed|shoppers?|others?|they|says?|saying|said|tell|told|writ\w+|wrote|think\w*|thought|"
    r"opinions?|abt|about|anything|something|much|lots?|with|mention\w*|report\w*|find|found|rate[sd]?|ratings?|call\w*|bought|own|overall|general\w*|any|"
    r"actually|really|verdict|feedback|word|line|average|marks?|scores?|stars?|give|gives|gave|given|each|many|"
    r"happy|happier|happiest|satisfied|good|ok|okay|worth|wot|wat|wats|what's|whats|got|gotten|ppl|peeps|tho|though|brick|dud|lemon|"
    r"rubbish|crap|pants|junk|decent|solid|it|buy|fan|fans|hype)\b",
    re.IGNORECASE,
)
"""Words of asking what buyers say; what is left of a question is the thing asked about."""


def asked_about(question: str) -> tuple[Wanted, str]:
    """What is wanted to know, and of which thing; no thing where it is about the whole product."""
    if _GENUINE.search(question):
        return "genuine", ""
    left = _TALK.sub(" ", _AGAINST.sub(" ", _FOR.sub(" ", question)))
    topic = " ".join(left.split()) if content(left) else ""
    if topic:
        return "topic", topic
    sides: dict[str, Wanted] = {"negative": "against", "positive": "for"}
    return sides.get(asked_side(question), "verdict"), ""


def without_name(question: str, found: Product, aspects: Sequence[str]) -> str:
    """The question without the product's own name, which is not what is asked about. Words that stand in the
    title and are all aspects are no name: "the camera" of a "Dual Phone with 48MP Camera".
    """
    called = _stems((found.brand or "", *found.category))
    own = called | _stems((found.title,))
    parts = _stems(aspects) - called
    codes = set(_CODE.findall(found.title.lower()))
    question = _CODE.sub(lambda match: " " if match[0].lower() in codes else match[0], question)  # "the j2"
    for is_name, run in reversed(
        [(key, list(of)) for key, of in groupby(tokenize(question), lambda t: t.stem in own)]
    ):
        if is_name and not all(token.stem in parts for token in run):
            question = f"{question[: run[0].start]} {question[run[-1].end :]}"
    return question


def _stems(texts: Iterable[str]) -> set[str]:
    return {token.stem for text in texts for token in tokenize(text) if len(token.stem) > 2}


def asked_side(question: str) -> str:
    """The side that is asked for, of the whole product or of one thing about it; empty for both."""
    against, praised = bool(_AGAINST.search(question)), bool(_FOR.search(question))
    return "" if against == praised else "negative" if against else "positive"

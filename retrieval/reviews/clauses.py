"""Sentences to clauses that may hold different opinions: "the sound is great | the strap broke".

There is no part-of-speech tagger: a cut is made at a mark or a joining word where both sides can stand alone, which a
finite verb or, in a few words without an article, an opinion adjective tells.
"""

from __future__ import annotations

import re

from retrieval.aspect_mining.words import DETERMINERS, OPINION_ADJECTIVES, PREPOSITIONS, VERBS
from retrieval.text.word_set import word_set

_SUBJECTS = (
    r"the|its?|my|our|his|her|your|their|i|we|they|he|she|you|this|that|these|those|there|nothing|nobody|no|"
    r"everything|everybody|one|both|half"
)
_TURNS = r"however|on\s+the\s+other\s+hand|nevertheless|unfortunately|then\s+again"
_ALWAYS = re.compile(
    r"[,;]?\s+(?=(?:but|although|though|yet|whereas|except(?:\s+that)?)\b)"
    r"|,?\s+(?=which\s+is\s+(?:a\s+)?(?:pity|shame|sad)\s+(?:because|as|since)\b)"
    r"|,\s+(?=while\b)|\s*;\s+|\s+[-\u2013\u2014]{1,2}\s+|\s*[.!?]+\s+"
    r"|,\s+(?=and\s+(?:the|its?|my|i|they|this|that)\b)",
    re.IGNORECASE,
)
"""Where a sentence is cut when both sides have two words."""
_PERHAPS = re.compile(
    rf",\s+|:\s+|\s+(?=(?:and|while)\s+(?:{_SUBJECTS})\b)|\s+(?=(?:{_TURNS})\b)", re.IGNORECASE
)
"""Where it is cut when both sides can stand alone."""
_LEADING_CONCESSION = re.compile(
    r"(?:although|though|while|even\s+though|despite)\b[^,]{8,},\s+", re.IGNORECASE
)
_NOT_CONTRAST = re.compile(r"(?:nothing|anything|everything|all|not\s+only.{0,60})$", re.IGNORECASE)
_JOINING = re.compile(
    rf"(?:(?:but|although|(?:even\s+)?though|yet|whereas|except(?:\s+that)?|while|and|{_TURNS}|"
    r"which\s+is\s+(?:a\s+)?(?:pity|shame|sad)\s+(?:because|as|since)|otherwise|"
    r"sadly|luckily|fortunately|thankfully|also|plus)\b,?\s+)+(?=\S+\s+\S)",
    re.IGNORECASE,
)
"""What joins a clause to the one before, and says nothing of its own thing."""
_LEANS_LEFT = re.compile(r"(?:when|whenever|if|once|after|before|until|unless|as|since)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"(?:which|who|whom|whose|where|when|whenever|that|because|as|if|since|once|after|before|until|unless|with|without|"
    r"like|including|especially|too|either|for|to|of|in|on|at|by|from|or|nor|not|than|even|such)\b",
    re.IGNORECASE,
)
"""How a side begins that leans on the other."""
_MARK = re.compile(r"[,;:]\s|\s[-\u2013\u2014]\s")
WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_AUXILIARIES = word_set(
    "is are was were am be been has have had does do did can cannot could will would may might must "
    "should isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't can't couldn't won't "
    "wouldn't shouldn't it's they're that's there's i've we've they've i'm you're isnt arent wasnt doesnt "
    "dont didnt cant"
)
_IRREGULAR = word_set(
    "shrank stank tore bent rang sank swung stuck burnt bled split spilt melts dug bit snapped"
)
_NOUNS_TOO = word_set(
    "look looks use uses fit fits charge charges cost costs play plays set sets cut call calls work works "
    "plug help hold turn turns review reviews record records return returns show shows sound sounds need "
    "needs start stand stands store stores handle handles change run runs stop like love hope wish care "
    "deal drop drops click fix lack talk wear press finish features"
)
"""Verbs that are as often nouns: after an article or an adjective they are."""


def clause_spans(sentence: str) -> list[tuple[int, int]]:
    """(start, end) of the clauses that may hold different opinions, without the words that join them.

    "Nothing but praise" and lists ("the zip, the pockets and the fit are great") are not cut. Cost: about 20
    microseconds a sentence.
    """
    lead = _LEADING_CONCESSION.match(sentence)
    cuts = [(lead.end(), False)] if lead else []
    for match in _ALWAYS.finditer(sentence):
        if not _NOT_CONTRAST.search(sentence, 0, match.start()):
            cuts.append((match.end(), False))
    cuts += [(match.end(), True) for match in _PERHAPS.finditer(sentence)]
    certain = dict(sorted(cuts, reverse=True))  # of two reasons for a cut the certain one counts
    spans: list[tuple[int, int]] = []
    start = 0
    for cut, doubtful in sorted(certain.items()):
        left, right = sentence[start:cut], sentence[cut : _next_mark(sentence, cut)]
        enough = len(left.split()) >= 2 and len(sentence[cut:].split()) >= 2
        if enough and (not doubtful or _stand_alone(left, right)):
            spans.append(_trimmed(sentence, start, cut))
            start = cut
    spans.append(_trimmed(sentence, start, len(sentence)))
    return spans


def clause_about(sentence: str, term: str) -> str:
    """The clause of ``sentence`` that holds ``term``; the sentence where no one clause does."""
    at = sentence.lower().find(term.lower())
    holding = [(start, end) for start, end in clause_spans(sentence) if start <= at < end]
    return sentence[slice(*holding[0])] if holding else sentence


def _next_mark(sentence: str, start: int) -> int:
    """Where the clause that begins at ``start`` may end."""
    found = _MARK.search(sentence, start + 1)
    return found.start() if found and len(sentence[start : found.start()].split()) > 2 else len(sentence)


def _trimmed(sentence: str, start: int, end: int) -> tuple[int, int]:
    joining = _JOINING.match(sentence, start, end)
    begin = joining.end() if joining else start
    last = start + len(sentence[start:end].rstrip(" ,;:-\u2013\u2014"))
    return (begin, last) if last > begin and end < len(sentence) else (begin, max(begin, end))


def _stand_alone(left: str, right: str) -> bool:
    joining = _JOINING.match(right)
    right = right[joining.end() :] if joining else right
    if _LEANS_LEFT.match(left) or _LEANS.match(right.lstrip()) or _is_participle(right):
        return False
    judges = _is_judgement(left), _is_judgement(right)
    return all(judge or _has_verb(part) for judge, part in zip(judges, (left, right), strict=True))


def _is_participle(part: str) -> bool:
    """Whether it goes on about what stands before: "making it hard"; "cleaning it is hard" does not."""
    words = words_of(part)
    gerund = bool(words) and words[0].endswith("ing") and words[0] not in ("nothing", "everything")
    return gerund and not any(_is_verb(words, at) for at in range(1, min(4, len(words))))


def _has_verb(part: str) -> bool:
    words = words_of(part)
    return any(_is_verb(words, at) for at in range(len(words)))


def _is_verb(words: list[str], at: int) -> bool:
    """Whether a word is a finite verb, by its form and its neighbours; in doubt it is not."""
    word = words[at]
    if word in _AUXILIARIES:
        return True
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    described = after.endswith("ly") or after == "well" or after in OPINION_ADJECTIVES
    acts = word in VERBS or word in _IRREGULAR or _is_inflected(word)
    if not before:  # "fits my desk", "runs small"
        return acts and (described or after in DETERMINERS)
    if before in DETERMINERS or before in PREPOSITIONS or before in OPINION_ADJECTIVES or before == "and":
        return False
    if word in _NOUNS_TOO:
        agrees = word.endswith("s") != before.endswith("s") and (at == 1 or words[at - 2] in DETERMINERS)
        return agrees or described or before in ("it", "i", "we", "they", "you")
    return (acts and words[0] not in PREPOSITIONS) or (after.endswith("ly") and len(word) > 2)


def _is_inflected(word: str) -> bool:
    return len(word) > 3 and (
        word.endswith("ed") or (word.endswith("s") and not word.endswith(("ss", "us", "less")))
    )


def words_of(part: str) -> list[str]:
    """In lower case, with straight apostrophes."""
    return [word.lower().replace("\u2019", "'") for word in WORD.findall(part)]


def _is_judgement(part: str) -> bool:
    """A few words without an article that judge: "great sound", "terrible battery"."""
    words = words_of(part)
    return (
        2 <= len(words) <= 5
        and words[0] not in DETERMINERS
        and any(word in OPINION_ADJECTIVES or word in ("love", "hate", "shame", "pity") for word in words)
    )

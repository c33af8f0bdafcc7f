"""What somebody is told to do without, or gave up: before the thing ("stay away from retinol"), behind it ("retinol is a
no-go") or a breath later ("I used retinol, now the midwife forbids it"); and that nothing may come from animals.
"""

from __future__ import annotations

import re

_ANY = r"(?:(?:all|any|any kind of|anything with|the|my|that|those|these|every)\s+)*"
_USE = r"(?:(?:using|use|eating|eat|drinking|drink|taking|take|having|have|wearing|wear|touching|touch|putting on)\s+)?"
_NOT = r"(?:not|n['’]?t|no longer|never)"
_LEADING = re.compile(
    r"\b(?:(?:stay|staying|steer|keep|keeping) (?:well |right |far )?(?:away|clear|off)(?: (?:from|of))?"
    r"|(?:give|gives|given|giving|gave) up(?: on)?|(?:stop|stops|stopped|stopping|quit|quitting)"
    r"|(?:cut|cutting|leave|leaving|left) out|(?:swore|sworn|swear) off|lay(?:ing)? off|forgo"
    r"|(?:took|taken|take|put) (?:me|him|her|us|them|my \w+) off|(?:come|coming|came) off"
    r"|(?:forb[ai]de?|forbids|forbidden|forbid|bans|banned)(?: (?:me|him|her|us|them|my \w+))?(?: from| to)?"
    rf"|{_NOT} (?:be )?(?:allowed|supposed|meant|permitted)(?: to| near)?|(?:must|may|should|can) ?{_NOT} be near"
    rf"|(?:must|may|should)(?: not|n['’]?t)(?= (?:use|have|eat|drink|take|wear|touch))|told {_NOT} to"
    r"|(?:told|ordered|advised|asked|warned|made|makes|had|have|has|must) (?:(?:me|him|her|us|them|my \w+) )?(?:to )?"
    r"(?:bin|ditch|dump|chuck|toss|throw|discard|drop|get rid of|come off|part with)(?: (?:away|out|in the bin))?"
    rf"|says? no(?: more| to)?|no more)\s+{_USE}{_ANY}",
    re.I,
)
"""Behind it stands what somebody has to do without; what it ends before is read by `absence`."""
_BEHIND = re.compile(
    r"\s+(?:(?:is|are|was|were|['’]s)\s+(?:now |also |strictly |totally |completely "
    r"|absolutely )*(?:a )?(?:no[- ]?go|off[- ]limits"
    r"|out of bounds|out\b(?! of)|forbidden|banned|not allowed|not for (?:me|him|her|us|them)|prohibited|poison"
    r"|off the (?:menu|table|list|cards))"
    r"|(?:does not|do not|does ?n['’]?t|do ?n['’]?t) agree with)\b",
    re.I,
)
_WHO = (
    r"(?:doctor|doc|gp|dr|mid ?wife|vet|dentist|dermatologist|derm|consultant|nurse|pharmacist|chemist|physio\w*|allergist"
    r"|specialist|hospital|clinic|surgeon|health visitor|oncologist|nutritionist|dieti[ct]ian|therapist|orthodontist"
    r"|optician|cardiologist|gyna?ecologist|pa?ediatrician|hairdresser|stylist)s?"
)
_ME = r"(?:that|me|him|her|us|them|i|we)"
_SO_TOLD = rf"(?:says?|said|tells?|told|wants?|made|makes|ordered|advised?|reckons)\b(?:\s+{_ME})*"
_IT = r"(?:it|that|this|them|those|these)"
_STOPS = (
    rf"(?:forb[ai]de?s?|forbidden|forbids?|bans?|banned|prohibit(?:s|ed)?)(?: {_IT}| me| her| him)?"
    rf"|(?:must|has|have|had|need|needs|told(?: me| her| him)?|ordered(?: me)?) to (?:stop|quit|give up"
    rf"|give {_IT} up|leave {_IT}(?: out| off| alone)?)"
    rf"(?: {_IT})?|(?:can|could|must|should|may)(?:not| not|n?['’]?t) (?:use|have|take|eat|drink|wear|touch|put)"
    rf"(?: {_IT}(?: on)?)?|not (?:be )?allowed(?: {_IT})?(?: to (?:use|have|take|eat|drink|wear)(?: {_IT})?)?"
    rf"|gave {_IT} up|took (?:me|him|her) off {_IT}|(?:doesn['’]?t|don['’]?t) agree with (?:me|him|her|us|them)"
)
_REST = (
    r"(?=\s*(?:$|[.,;:!?)…-]|(?:now|any ?more|at all|for now|while|during|until|till|because|as|since|so|and|but|either"
    r"|when|if|(?:with|for) (?:the|my|his|her|their))\b))"
)
_AFTERWARDS = re.compile(
    rf"\b(?:(?:{_STOPS})|{_WHO}\s+(?:\w+\s+)?{_SO_TOLD}\s+(?:no|not|stop|never|i must stop|off|to stop)){_REST}",
    re.I,
)
_ASKED = re.compile(
    r"\s*(?:and |so |but |then )*(?:is|are|was|am|does|did|should|shall|must|may|why|when|(?:do|can) (?:i|he"
    r"|she|we|they))\b",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_FROM_ANIMALS = re.compile(
    r"(?:\b(?:nothing|none|not anything|never anything|no (?:stuff|things?))|(?:n['’]?t|\b(?:not"
    r"|without)) (?:\w+ )?anything)"
    r"(?: (?:that|which|what|it|to|do|is|are|was|has|have|had|comes?|came|coming|made|making|derived|taken|got"
    r"|even|remotely"
    r"|at all|from|of|out|by|off|with|in|containing|a|an|any|the|live|living|dead))*"
    r"[ -](?:animals?|creatures?)\b(?! (?:on|print|shape|design|motif|pattern|picture|figure|toy)\w*)"
    r"|\b(?:no animal[ -](?:stuff|fats?|deriv\w+|origin|content|bits|parts|things?|anything|substances?"
    r"|sources?|by-?products?)"
    r"|(?:i|he|she|they|we)(?:['’]?(?:m|s|re)| am| is| are| eats?| eat| goes| went)?(?: all| fully| strictly| mostly)? "
    r"plant[- ]based)\b",
    re.I,
)


def is_behind(text: str, end: int) -> bool:
    """Whether the words right behind a thing say that it is not to be."""
    return _BEHIND.match(text, end) is not None


def told_afterwards(text: str) -> tuple[int, ...]:
    """Where it is said of something named before that somebody is to do without; a question tells nothing."""
    return tuple(m.start() for m in _AFTERWARDS.finditer(text) if not _is_asked(text, m.start()))


def leads(text: str) -> tuple[int, ...]:
    """Where words end behind which it is named what somebody is to do without."""
    return tuple(m.end() for m in _LEADING.finditer(text) if not _is_asked(text, m.start()))


def nothing_of_animals(text: str) -> bool:
    return _FROM_ANIMALS.search(text) is not None


def _is_asked(text: str, at: int) -> bool:
    """Whether a place stands in a question that asks whether it is so."""
    starts = [m.end() for m in _SENTENCE.finditer(text, 0, at)]
    end = next((m.start() for m in _SENTENCE.finditer(text, at)), len(text))
    sentence = text[starts[-1] if starts else 0 : end]
    return sentence.rstrip().endswith("?") and _ASKED.match(sentence) is not None

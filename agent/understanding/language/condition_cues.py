"""Words around a condition that tell what it is: denied, money, a size, a count; and those that tell nothing."""

from __future__ import annotations

import re

NEGATED = re.compile(
    r"\b(?:no|not|without|w/o|non|never|isn't|aren't|free (?:from|of)|except|but not|zero|anything but"
    r"|avoid)\b[\s-]*",
    re.I,
)
DENIED_DEGREE = re.compile(
    r"(?:\bnot|n't|\bnothing|\bnever)\s+(?:(?:too|so|very|that|all that|be|terribly|overly)\s+)*[\w-]+$", re.I
)
"""A text that ends in a graded word which it denies."""
FREE_OF = re.compile(r"\b(?P<what>[\w-]+(?: [\w-]+)?)[\s-]free\b", re.I)
IN_STOCK = re.compile(
    r"\b(?:in stock|available (?:now|today|right now)|ready to ship|you (?:actually )?have it)\b", re.I
)
SIZE = re.compile(r"\b(?:size|sizes|sz|eu|uk|us)\b", re.I)
IN_SIZE = re.compile(r"\bin(?: an?)?\s*$", re.I)
"""Before a bare number, which then is a size: "shoes in 45"."""
MONEY_TALK = re.compile(
    r"\b(?:budget|price|spend|cost|pay|dollars?|bucks?|quid|euros?|money|bills?|each)\b|[$€£¥₹]", re.I
)
GIVEN = re.compile(
    r"\b(?:gives?|gave|given|giving|handed|lent|got|have|has|had|saved(?: up)?|put aside|set aside|chipped in|left|earned"
    r"|won|worth|scraped together|i'?ve|we'?ve)\b(?:\s+(?:me|us|him|her|them|about|like|just|only|exactly|maybe|a))*\W*$",
    re.I,
)
"""Directly before a bare number that somebody has to spend: "my nan is giving me 550"."""
SPENDING = re.compile(
    r"\b(?:spend\w*|pay\w*|drop\w*|fork\w*|stretch\w*|go|going|blow\w*|shell\w*|part\w*|afford|splash\w*|refuse|ain'?t|"
    r"tops?|max|limit|ceiling|total|altogether|outside|ball\s?park|mark|region|something|thereabouts|it)\b",
    re.I,
)
"""Words of spending, beside which a bare number is money."""
REFUSED = re.compile(
    r"\b(?:refus\w+|not|\w*n['’]t|(?:must|should|could|would|do|does|is|wo|ca)nt|never|nothing|no|cannot|"
    r"rather not|hate to|loath to)\b(?!\s+(?:mind|care|object|matter|bother))(?:\W+\w+){0,3}\W*$",
    re.I,
)
"""Before "over fifty", these make it the most there may be: "I mustn't go"; "I don't mind going" doesn't."""
OVER = re.compile(r"(?:\w+\s){0,2}?(?:over|above|more than|past|beyond|exceed\w*|north of)\b", re.I)
NUMBER_WORD = re.compile(
    r"\b(?:ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|two|three|four|five|six|seven|eight|nine|grand|fiver|tenner|hundo|hunnid)\b",
    re.I,
)
COUNTED_NOUN = re.compile(
    r"^[\s-]*(?!on\b|for\b|each\b|max|tops|or\b|and\b|if\b|at\b|is\b|to\b|total|all\b|please|but\b|so\b|tho)[a-z]{3,}",
    re.I,
)
"""A number before a noun counts it."""
COUNTED_VALUE = re.compile(r"\b(two|2|double|twin|one|1)\b", re.I)
AS_VALUES = {"two": "dual", "2": "dual", "double": "dual", "twin": "dual", "one": "single", "1": "single"}
LEADING = re.compile(
    r"^(?:(?:it|that|they|he|she|which|and|but|so|also|then|just|really|please|the|a|an|some|any|with|in|of|made|from|"
    r"by|has|have|having|is|are|be|being|to|must|should|needs?|got|get|comes?|for|like|preferably|ideally|only|all|"
    r"takes?|runs?|fits?|holds?|keeps?|works?|uses?|plays?|supports?|accepts?|can|will|would|does|do|goes|go|able|"
    r"one|ones|made out|out|around|about|ordinary|normal|regular|usual|standard|plain old|typical|decent|proper)\b[\s,]*)+",
    re.I,
)


def cost_words(text: str) -> str:
    """The words around "the least" that tell of what: costs, weighs."""
    found = re.search(r"\b(?:costs?|prices?|pay|spend|set .{1,12} back|weighs?|weight)\b", text, re.I)
    return found[0] if found else ""


FOR_SO_MANY = re.compile(
    r"\b(?:for|we are|we're|there are|there will be) (?P<count>two|three|four|five|six|seven|eight|[2-9]|1\d)"
    r"(?: (?:of us|friends|people))?(?= *(?:$|[,.;:!?)]|(?:under|below|over|around|about|"
    r"with|without|that|which|in|at|on|please|and|or|but|to|so|max|up|not|no|from|by|who|less|cheaper)\b))",
    re.I,
)
"""For how many, with no word for whom, or said of those who ask: "a tent for two under 300", "we are 8 friends"."""

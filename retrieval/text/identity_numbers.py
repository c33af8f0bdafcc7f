"""Account, card and social-security numbers, told from other numbers by their check digits.

The rules of countries come from python-stdnum. Without check digits, the word before the number tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from stdnum import iban, luhn
from stdnum.ch import ssn as swiss_number
from stdnum.de import idnr as german_tax_number
from stdnum.us import ssn as american_number

ACCOUNT, CARD, IDENTITY = "[account number]", "[card number]", "[identity number]"

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_SHORTEST_IBAN = 15
_CARD = re.compile(
    r"(?<![\w.-])(?:\d{13,19}|\d{4}(?P<by>[ -])\d{4}(?P=by)\d{4}(?P=by)\d{1,4}(?:(?P=by)\d{1,3})?"
    r"|\d{4}[ -]\d{6}[ -]\d{4,5})(?![\w-]|\.\d)"
)
_IS = r"(?:\s(?:is|was|ist|lautet|war))?\s?[:#=]?\s?"
_SAID_ACCOUNT = re.compile(
    r"(?P<before>\b(?:iban|(?:bank|checking|savings|giro)\s?(?:account|konto)|kontonummer|konto|sort\scode|"
    r"routing|blz|bankleitzahl)(?:[\s-]?(?:number|num|no|nr)\b\.?)?"
    rf"{_IS})(?P<value>(?:[A-Z]{{2}}\d{{2}}\s?)?\d(?:[ -]?\d){{4,26}})(?![\w-]|\.\d)",
    re.IGNORECASE,
)
_SAID_CODE = re.compile(rf"(?P<before>\b(?:cvv|cvc)2?(?:\s(?:code|number))?{_IS})\d{{3,4}}\b", re.IGNORECASE)

_BRITISH = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]"
_GERMAN = r"\d{2}\s?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}\s?[A-Z]\s?\d{2}\s?\d"
_SAID_IDENTITY = re.compile(
    r"(?P<before>\b(?:ssn|social\s(?:security|insurance)|national\sinsurance|nino|tax\sid|tin|ahv|svnr|"
    r"sozialversicherung\w{0,9}|rentenversicherung\w{0,9}|versicherungsnummer|sv-nummer|steuer-?id\w{0,20})"
    r"(?:[\s-]?(?:number|num|no|nr|nummer)\b\.?)?"
    rf"{_IS})(?P<value>{_BRITISH}|{_GERMAN}|\d(?:[ .-]?\d){{6,14}})(?![\w-]|\.\d)",
    re.IGNORECASE,
)
_AMERICAN = re.compile(r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])")
_SWISS = re.compile(r"(?<![\w.-])756\.\d{4}\.\d{4}\.\d{2}(?![\w-])")
_GERMAN_TAX = re.compile(r"(?<![\w.-])\d{2} \d{3} \d{3} \d{3}(?![\w-])")
_SPACED_BRITISH = re.compile(r"(?<!\w)[A-Z]{2} \d{2} \d{2} \d{2} [A-D](?!\w)")
_GERMAN_INSURANCE = re.compile(rf"(?<![\w.-]){_GERMAN}(?![\w-])")
_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def mask_identity_numbers(text: str) -> str:
    """``text`` with numbers of accounts, cards and persons replaced by what they are. Idempotent."""
    text = _without_ibans(text)
    for pattern, mask in ((_SAID_IDENTITY, IDENTITY), (_SAID_ACCOUNT, ACCOUNT), (_SAID_CODE, CARD)):
        text = pattern.sub(rf"\g<before>{mask}", text)
    for pattern, is_valid, mask in (
        (_CARD, luhn.is_valid, CARD),
        (_AMERICAN, american_number.is_valid, IDENTITY),
        (_SWISS, swiss_number.is_valid, IDENTITY),
        (_GERMAN_TAX, german_tax_number.is_valid, IDENTITY),
        (_GERMAN_INSURANCE, _is_german_insurance, IDENTITY),
        (_SPACED_BRITISH, bool, IDENTITY),
    ):
        text = pattern.sub(partial(_masked_if, is_valid, mask), text)
    return text


def _masked_if(is_valid: Callable[[str], bool], mask: str, found: re.Match[str]) -> str:
    return mask if is_valid(found[0].replace(" ", "").replace("-", "")) else found[0]


def _without_ibans(text: str) -> str:
    """A number typed in groups may run into the words after it, so every end is tried, the longest first."""
    kept, at = [], 0
    while match := _IBAN.search(text, at):
        start = match.start()
        ends = (
            end
            for end in range(match.end(), start + _SHORTEST_IBAN - 1, -1)
            if text[end - 1].isalnum() and not text[end : end + 1].isalnum()
        )
        end = next((end for end in ends if iban.is_valid(text[start:end], check_country=False)), 0)
        kept.append(text[at:start] + (ACCOUNT if end else text[start : start + 2]))
        at = end or start + 2
    return "".join(kept) + text[at:]


def _is_german_insurance(number: str) -> bool:
    """The check digit of a German pension insurance number (VKVV, section 2); its letter is two digits."""
    digits = f"{number[:8]}{ord(number[8]) - ord('A') + 1:02d}{number[9:11]}"
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return total % 10 == int(number[11])

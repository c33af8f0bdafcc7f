"""Personal data in free text, replaced before anything is stored, shown or sent to a model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.text.identity_numbers import mask_identity_numbers
from retrieval.text.street_addresses import mask_street_addresses
from retrieval.text.word_set import word_set

_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[A-Za-z0-9][\w.+%-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}")
_SPELLED_EMAIL = re.compile(
    r"\b[A-Za-z0-9][\w.+-]{0,63}\s?[\[(]\s?at\s?[\])]\s?[\w-]{1,63}(?:\s?(?:[\[(]\s?dot\s?[\])]|\.|\sdot\s)\s?[a-z]{2,24}){1,3}",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(?P<what>(?:order|tracking|invoice|confirmation|reference|ref|case|ticket|rma|account|customer|transaction|"
    r"booking|purchase|serial|membership|claim)(?:\s(?:number|num|nr|no|id|code|ref))?)\b\.?\s{0,2}(?:is|was)?\s{0,2}"
    r"[:#]?\s{0,2}#?\s?(?P<value>(?=[A-Z0-9-]{0,30}\d[A-Z0-9-]{0,30}\d[A-Z0-9-]{0,30}\d)[A-Z0-9][A-Z0-9-]{3,39})\b",
    re.IGNORECASE,
)
_AMAZON_ORDER = re.compile(r"\b\d{3}-\d{7}-\d{7}\b")
_HASH_NUMBER = re.compile(r"#\s?\d{5,20}\b")
_PHONE = re.compile(
    r"(?<![\w.$\u20ac\u00a3-])(?:"
    r"\+\d{1,3}[\s.\-/]?(?:\(0?\d{1,5}\)|\d{1,5})(?:[\s.\-/]?\d{2,5}){1,4}"  # +49 (0)30 1234 5678
    r"|(?:1[\s.-])?\(\d{3}\)\s?\d{3}[\s.-]?\d{4}|(?:1[\s.-])?\d{3}[\s.-]\d{3}[\s.-]\d{4}"  # (212) 555-0199
    r"|0\d{2,4}[\s/-]\d{3,4}[\s-]?\d{3,5}"  # 030/123 4567
    r"|\d{3}-\d{4}"  # 555-0199
    r")(?![\w-]|[.,]\d)"
)
_CALLED_NUMBER = re.compile(
    r"\b(?:call|called|calling|whatsapp|text|texted|fax|tel|(?:tele)?phone(?:\s(?:number|no))?|cell|mobile)\b"
    r"[^.\n\d]{0,20}?[:\s](?P<value>\+?\d(?:[\s()-]?\d){6,15})(?![\w./])",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\w.])\d(?:[ -]?\d){11,18}(?!\w|\.\d)|(?<![\w.])\d{9,20}(?!\w)")
_OF_A_PRODUCT = re.compile(
    r"\b(?:ean|isbn|gtin|upc|sku|barcode|model|part)(?:[- ]?1[0-4])?\b.{0,12}$", re.IGNORECASE
)

_NAME = r"(?:[A-Z][a-z\u00df-\u00ff]{1,20}|[A-Z]\.)(?:[ -](?:[A-Z][a-z\u00df-\u00ff]{1,20}|[A-Z]\.)){0,2}"
_FULL_NAME = r"[A-Z][a-z\u00df-\u00ff]{1,20}(?:\s[A-Z]\.)?\s[A-Z][a-z\u00df-\u00ff]{1,20}"
_NAME_AFTER = re.compile(
    r"(?P<before>\b(?:[Mm]y\s(?:full\s)?name(?:\sis|'s|\swas)|[Hh](?:is|er)\sname\s(?:is|was)|"
    r"(?:rep|representative|agent|lady|employee|technician|manager|supervisor|someone|somebody)\snamed|"
    r"[Rr]eview(?:ed)?\sby|[Ss]poke\s(?:with|to)|[Tt]alked\s(?:with|to)|[Aa]sk\sfor|"
    r"[Mm]y\s(?:husband|wife|son|daughter|brother|sister|friend|boyfriend|girlfriend|boss|neighbou?r),?)"
    rf"\s{{1,2}}(?:(?:Mr|Mrs|Ms|Dr)\.?\s)?)(?P<value>{_NAME})(?=[\s,.!?;:)]|$)"
)
_CONTACT = re.compile(
    rf"(?P<before>\b(?:[Cc]ontact(?:ed)?|[Ee]mailed|[Mm]ailed)\s)(?P<value>{_FULL_NAME})(?=[\s,.!?;:)]|$)"
)
_CLOSING = re.compile(  # "Regards, Mary" at the end of a text
    r"(?P<before>\b(?:(?:[Ss]igned(?:\sby)?|[Rr]egards|[Cc]heers|[Ss]incerely|[Tt]hanks|[Tt]hank you|"
    rf"[Yy]ours(?:\struly)?),?:?|Best,|Love,)\s{{1,2}})(?P<value>{_NAME})(?=\.?\s*$)"
)
_SIGNATURE = re.compile(
    rf"(?P<before>(?:^|[.!?\n]\s*)\s?[-\u2013\u2014~]{{1,3}}\s?)(?P<value>{_NAME})(?=\.?\s*$)"
)
_LIST_BEFORE = re.compile(r"(?:^|\n)\s?[-\u2013\u2014*\u2022][^\n]*$|(?:[Pp]ros|[Cc]ons):?\s*$")
_NOT_NAMES = word_set(
    "the this that it and but very great good bad best amazon apple samsung google nokia motorola "
    "verizon sprint sony customer service support seller tech technical product phone company "
    "manufacturer monday tuesday wednesday thursday friday saturday sunday january february march "
    "april may june july august september october november december christmas english american not "
    "highly recommended a an i is pros cons update edit album cd band"
)


def mask_personal_data(text: str, names: Iterable[str] = ()) -> str:
    """``text`` with names, street and e-mail addresses, and numbers of phones, accounts, cards, persons and
    orders replaced by ``[name]``, ``[email]``, ...

    ``names`` are known names to mask wherever they stand (the reviewer's, say). Other names are masked where
    the wording shows a person (signatures, "my name is", "spoke with"); a bare first name in running text is
    left, since reviews of music or books are full of names that are the subject. Idempotent.
    """
    text = _SPELLED_EMAIL.sub("[email]", _EMAIL.sub("[email]", text))
    if _DIGIT.search(text):
        text = _without_numbers(text)
    for name in names:
        text = _known_name(name).sub("[name]", text) if _is_full_name(name) else text
    for pattern in (_NAME_AFTER, _CONTACT, _CLOSING, _SIGNATURE):
        text = pattern.sub(_mask_name, text)
    return text


def _without_numbers(text: str) -> str:
    text = mask_street_addresses(mask_identity_numbers(text))
    text = _ORDER.sub(_keep_words_before, text)
    text = _HASH_NUMBER.sub("[order number]", _AMAZON_ORDER.sub("[order number]", text))
    text = _CALLED_NUMBER.sub(lambda m: m.group(0).replace(m.group("value"), "[phone]"), text)
    return _LONG_NUMBER.sub(_mask_long_number, _PHONE.sub("[phone]", text))


def _mask_long_number(match: re.Match[str]) -> str:
    """The number of a product (its barcode, say) is nobody's own."""
    before = match.string[max(0, match.start() - 24) : match.start()]
    return match.group(0) if _OF_A_PRODUCT.search(before) else "[number]"


def _keep_words_before(match: re.Match[str]) -> str:
    whole, value = match.group(0), match.group("value")
    return whole[: len(whole) - len(value)].rstrip("#") + "[order number]"


def _mask_name(match: re.Match[str]) -> str:
    listed = match.re is _SIGNATURE and _LIST_BEFORE.search(match.string, 0, match.start())
    if listed or match.group("value").split()[0].lower() in _NOT_NAMES:
        return match.group(0)  # "- Camera" that ends a list is no signature
    return match.group("before") + "[name]"


def _is_full_name(name: str) -> bool:
    return 3 < len(name) < 80 and len(name.split()) >= 2 and name.replace(" ", "").replace(".", "").isalpha()


def _known_name(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)

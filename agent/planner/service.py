"""What somebody who has ordered asks: a person to talk to, where a parcel is, what to do after the sale."""

from __future__ import annotations

import re

from agent.planner.page_words import quoted
from agent.planner.shop_questions import ask_shop, follows_pages, pages_for
from agent.planner.turn import Planned
from agent.tools.pages import Pages
from agent.understanding.interpretation import SEEKING, SURE
from agent.wording import say

_PERSON = re.compile(
    r"\b(?:talk|speak|chat|connect|transfer|through|call|reach|get)\b[^?.!]{0,30}"
    r"\b(?:human|real (?:person|people)|person|someone|somebody|agent|"
    r"(?:member of )?staff|adviser|advisor|representative|customer (?:service|support)|support|manager)\b"
    r"|^\W*(?:human|agent|real person|customer (?:service|support))(?: please)?\W*$",
    re.I,
)
_ORDER = re.compile(
    r"\bwhere(?:'s|s| is| are| the hell is)\b[^?.!]{0,20}\b(?:my|our|the)\b[^?.!]{0,20}"
    r"\b(?:orders?|parcels?|packages?|delivery|stuff i ordered)\b"
    r"|\border (?:status|tracking)\b|\b(?:track|status of)\b[^?.!]{0,20}\b(?:order|parcel|package)\b"
    r"|\b(?:order|parcel|package)\b[^?.!]{0,20}"
    r"\b(?:hasn'?t|has not|not|never|still not)\b[^?.!]{0,12}\b(?:arrived|come|turned up|here|shown up)\b",
    re.I,
)
_AFTERWARDS = re.compile(
    r"\b(?:send(?:ing)?|bring(?:ing)?|tak(?:e|ing)) (?:it|them|this|that|these|one) back\b"
    r"|\breturn(?:ing)? (?:it|them|this|that|these)\b"
    r"|\b(?:refund|money back|my receipt)\b|\balready (?:open\w*|opend|used|worn|washed)\b|\balso opened\b"
    r"|\b(?:you|they|the (?:men|driver|courier|van))\W+(?:just |already )?(?:brought|delivered|carried|sent)\b"
    r"|\b(?:arrived|came|turned up|delivered|was already|were already)\b[^?.!]{0,25}"
    r"\b(?:broken|damaged|cracked|snapped|scratched|chipped|"
    r"smashed|dented|torn|faulty|wrong|missing|incomplete)\b"
    r"|\b(?:broken|damaged|cracked|snapped|smashed|faulty)\b[^?.!]{0,20}\bwhen\b[^?.!]{0,25}\b(?:arrived|came|carried|brought|opened|unpacked)\b"
    r"|\bbefore (?:i|we) (?:buy|order)\b|\bin person\b|\byour (?:shop|store|showroom)\b"
    r"|\bstuck with (?:it|them|this)\b|\bi(?:'ve| have)? (?:bought|ordered) (?:it|them|this|one)\b"
    r"[^?.!]{0,40}\b(?:last|yesterday|ago|week)\b",
    re.I,
)
"""Words of somebody who has bought already, or wants to come before."""
FOLLOWS_ON, AFTER_THE_SALE = 0.9, 0.6
CONTACT = "phone, email, customer service"
TRACKED = "tracking, parcel, order"


def served(turn: Planned) -> str:
    """The answer to somebody who wants a person, a parcel or a return, or who asks on about the shop's pages;
    empty where none of these is meant.
    """
    text, meant = turn.question, turn.meant
    if _PERSON.search(text) and meant.main in ("ask_shop", "social", "out_of_scope", *SEEKING):
        return f"{say('service.program')} {_quoted(turn, CONTACT) or say('service.no_contact')}"
    if _ORDER.search(text):
        told = _quoted(turn, TRACKED, _TRACKING) or _quoted(turn, CONTACT) or say("service.no_contact")
        return f"{say('service.order')} {told}"
    after = bool(_AFTERWARDS.search(text)) and meant.main in ("ask_shop", *SEEKING)
    if meant.main not in SEEKING and not after:
        return ""
    asks_on = meant.main != "undo" and (
        follows_pages(turn) and not meant.where and (meant.kind_confidence < SURE or len(text.split()) < 3)
    )
    if not (after or asks_on):
        return ""
    found = pages_for(turn)
    if found.passages and found.passages[0].score >= (AFTER_THE_SALE if after else FOLLOWS_ON):
        return ask_shop(turn)
    return ""


_TRACKING = re.compile(r"\btrack|\border status\b|\bdispatch (?:note|mail|e-?mail)\b", re.I)


def _quoted(turn: Planned, question: str, having: re.Pattern[str] | None = None) -> str:
    found: Pages = turn.call("pages", question=question)
    passages = [p for p in found.passages if having is None or having.search(p.text)]
    return turn.say("pages.says", said=quoted(passages[0])) if passages else ""

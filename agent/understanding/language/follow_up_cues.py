"""Words by which a later turn takes up what came before: another variety of it, its other end, less of it."""

from __future__ import annotations

import re

VARIETY = re.compile(
    r"^(?:(?:one|some|any) of )?(?:those|these|them|the)\s+(?P<what>[\w'-]+(?: [\w'-]+){0,2}?)\s+"
    r"(?:ones|types|sorts|kinds|things|jobs|models|versions)$",
    re.I,
)
"""A sort of what is looked for, that may be none of those shown: "one of those pod ones"."""
VARIETY_OF_ONE = re.compile(r"^(?:the|that)\s+(?P<what>[\w'-]+(?: [\w'-]+){0,2}?)\s+one$", re.I)
"""May be one of those shown, and a sort of it where none or several are so: "the bass one"."""
NEEDED = re.compile(
    r"\b(?:it|they|these|those|that|this|he|she)(?:'d| would| should| will|'ll)?(?: really| also| actually| just)*"
    r" (?:needs?|must have|should have|ha(?:s|ve) (?:got )?to have|ought to have|wants?)"
    r"(?: (?:an?|some|any|the|its own|proper|decent|good|kind of|sort of))*\s+$",
    re.I,
)
"""Before a part that what is looked for must have: "and it needs some kind of liner inside"."""
OTHER_END = re.compile(
    r"\b(?:the )?(?:other|opposite) (?:end|extreme)\b|\bthe other way (?:round|around|about)\b"
    r"|\b(?:and|what about|how about) the opposite\b",
    re.I,
)
"""Asks for the other end of an order: "and at the other end of the scale?"."""
FOR_LESS = re.compile(
    r"\bfor (?:a (?:bit|little|lot|good bit) )?less(?: money| cash)?(?=\W*$|[,.;?!]| (?:please|maybe|then|if)\b)"
    r"|\bless (?:money|pricey|dear|costly)\b|\b(?:cost|costing|costs) (?:a (?:bit|little|lot) )?less\b(?! than)"
    r"|\beasier on (?:the|my) (?:wallet|purse|pocket)\b|\bkinder (?:on|to) (?:my|the) (?:wallet|purse|pocket)\b",
    re.I,
)
BOUNDED = re.compile(
    r"\b(?:under|below|or (?:under|less|below)|max(?:imum)?|at (?:the )?(?:very )?most|up to|"
    r"(?:no |not )?more than|within|tops|limit)\b",
    re.I,
)
"""Words by which a price is one that is to be kept to."""
TOO_DEAR = re.compile(
    r"\b(?:too|way|bit|tad|rather|very) (?:too )?(?:steep|dear|pricey|expensive|costly)\b|\btoo (?:much (?:money|for me|to "
    r"pay|to spend)|rich for)\b|\b(?:out of|over|above|beyond) (?:my|our) (?:budget|price range|means|league)\b"
    r"|\bcan(?:'?t|not) (?:afford|stretch to|run to) (?:that|those|it|them)\b"
    r"|\bcosts? (?:an arm and a leg|a (?:bomb|fortune|packet))\b|\barm and a leg\b",
    re.I,
)
"""Says that what is shown costs too much."""
_NUMBER = r"\d+(?:\.\d+)?"
NOT_THE_OLD = re.compile(
    rf"(?P<new>{_NUMBER})[^\d.?!;]{{0,14}}?\W(?:not|instead of|rather than)\s+(?:an? |the )?(?P<old>{_NUMBER})",
    re.I,
)
OLD_BUT_NEW = re.compile(
    rf"\bnot (?:an? |the )?(?P<old>{_NUMBER})[^\d.?!;]{{0,14}}?\W(?:but|it'?s|it is|make (?:it|that)|i mean\w*)\W+"
    rf"(?:an? )?(?P<new>{_NUMBER})",
    re.I,
)
"""One number put in the place of another: "32 not 64", "not 14 but 12.5"."""
THAT_MAKER = re.compile(
    r"\b(?:not|no(?: more of)?|nothing (?:from|by)|other than|except|avoid|hate|dislike|anything but"
    r"|(?:don.?t|do not|can.?t) (?:like|want|trust|stand))\b[^.?!,]{0,12}"
    r"\b(?:that|this|the same) (?:brand|make|maker|manufacturer|company)\b"
    r"|\b(?:another|(?:a )?different|(?:some |any )?other) (?:brand|make|maker|manufacturer)s?\b",
    re.I,
)
"""Asks for anything but who makes what is shown."""
NEITHER = re.compile(
    r"\b(?:neither|none|not (?:either|any)) of (?:those|them|these)\b|\bnot (?:those|these|them)\b|\bneither\b"
    r"|\b(?:no|nothing) (?:of )?(?:those|them)\b",
    re.I,
)
"""Says of what was just named that it is not wanted."""
VERSION = re.compile(
    r"\b(?:is|are) there (?:an?|any|some)(?: other)? (?:versions?|models?|ones?|types?|sorts?|kinds?|variants?|sizes?)\b"
    r"|\b(?:do|have) (?:you|u|they|we) (?:have|do|got|sell|make|keep|stock) (?:an?|any|some|another)(?: other)? "
    r"(?:versions?|models?|ones?|types?|sorts?|kinds?|variants?)\b",
    re.I,
)
"""Asks for one of the kind that is otherwise: "is there a version that prints more?"."""
OF_USE = re.compile(
    r"\bany (?:use|good) (?:to|for) (?:me|us|him|her|them)\b[^.?!]*\?"
    r"|\b(?:will|would|does) (?:it|that|this)(?: one)? (?:work|be (?:ok|okay|any good|any use|compatible))\b[^.!]*\?",
    re.I,
)
"""Asks whether what is shown serves: "I'm on AT&T, any use to me that?"."""
_SO = r"^\W*(?:(?:and|so|but|ok|okay|oh|also|then)\W+)*"
_DONE = r"(?:(?:is|are|was|does|do|did|has|have|will|would|can|could)(?:n'?t)?|won'?t|can'?t)"
WHETHER = re.compile(
    rf"{_SO}(?:is|are|does|do|has|have|comes?|got)\s+(?:also )?(?:in|with)\s+(?:an?\s+)?[\w'-]+(?: [\w'-]+)?"
    r"(?: (?:also|too|as well))?\W*$"
    rf"|{_SO}[\w'-]+(?: [\w'-]+){{0,2}} (?:included|incl|supplied|needed|required|necessary)\W*\?\s*$"
    rf"|\w+[^.?!]*[\s,]{_DONE} (?:it|they|that one|this one|those|these)\W*$",
    re.I,
)
"""Asks whether something is so of what is shown: "is in blue also?", "batteries included?", "it's not heavy, is it"."""
_OBJECT = r"(?:it|them|that|this|these|those|everything|the \w+)"
_SERVANT = (
    r"(?:you|u|ya|some(?:body|one)|any(?:body|one)|(?:your|the) (?:\w+ )?"
    r"(?:men|man|guys?|people|team|lads?|drivers?|fitters?|staff|couriers?|crew|shop))"
)
SERVICE = re.compile(
    rf"\b(?:can|could|do|does|will|would) {_SERVANT}(?: (?:guys|also|even|actually|please|come|round|and|over|to))*"
    r" (?:(?:carry|bring|build|assemble|install|mount|fit|send|post|ship|collect|engrave|repair|fix|deliver|wrap)"
    rf"\s+{_OBJECT}\b|(?:put|set|take)\s+{_OBJECT}(?: \w+)? (?:together|up|upstairs|away|back)\b"
    rf"|(?:deliver|assemble|ship|gift ?-?wrap)\b(?! (?:me|us|something|any)\b))"
    rf"|\bhow (?:do|does|would|will|can|could) (?:you|u|it|they|that|this|one)\b[^?.!]{{0,40}}"
    r"\b(?:(?:to|here for) (?:us|me|my|our)|get here|delivered|shipped|posted|arrive)\b"
    r"|\bwhen (?:do|does|would|will|can|could) (?:it|they|that|this|i|we)\b[^?.!]{0,20}"
    r"\b(?:turn up|arrive|come|get here|get it|have it|be here|be delivered)\b",
    re.I,
)
"""Asks what the shop does for its buyers: "can your men carry it up", "how do you get that to us"."""
WHOSE_WORK = re.compile(
    r"\bwho (?:wrote|painted|drew|illustrated|composed|designed)\b(?! (?:(?:the|these|those|your) )?reviews?)",
    re.I,
)
"""Asks whose work a product is, not what buyers wrote."""
IN_STOCK = re.compile(
    r"\b(?:in|out of) stock\b|\bsold out\b|\b(?:any|some|many|still) left\b"
    r"|\b(?:is|are)\b[^?.!]{1,50}\b(?:available|(?:still|even) there)\b(?! (?:in|for|with|to|as|from)\b)",
    re.I,
)
"""Asks whether there is any of a product."""
INSTEAD = re.compile(
    r"\bif (?:i|we|it|they|he|she)(?:'d| did)? (?:took|take|went|go|had|have|got|get|wanted|chose|choose|picked|pick|were|"
    r"was|came|come|preferred)\b.*\b(?:instead|rather)\b"
    r"|^\W*(?:and |or |but |ok(?:ay)? )?what if (?:it|they) (?:was|were|came)\b",
    re.I,
)
"""Asks for the same in another way: "and if I took black instead?"."""
OF_THE_KIND = re.compile(
    r"\b(?:do|does|are|is|can|have|any|which|some)\b[^.?!]{0,20}?\b(?:any|which|some) of (?:the|your|those|these)\s+"
    r"(?P<kind>[\w' -]{0,30}?\w+s)\b",
    re.I,
)
"""Asks for those of a kind that meet something: "do any of the leggings come in purple"."""
FOR_SOMEONE = re.compile(
    r"\bwhat (?:do|have|did) (?:you|u)(?: guys| lot)? (?:have|got|sell|stock|do|keep)(?: in| there)? for\b",
    re.I,
)
"""Asks what there is at all for somebody: "what do you have for a bloke who runs then"."""
THE_SORT = re.compile(
    r"^\W*(?:(?:and|but|so|well|ideally|preferably|maybe|yes|yeah|ok(?:ay)?|no)\W+)*(?:just |only )?"
    r"(?:(?:the|a) (?:sort|kind|type)|the ones?|ones?|same (?:thing|sort|again)?) (?:that|which|with|where|for|in|you)\b",
    re.I,
)
"""Tells which sort of what is looked for: "the sort that goes inside the ear"."""
SAME_BUT = re.compile(
    r"\bsame (?:(?:sort|kind|type) of )?(?:thing|one|stuff)s?(?: again)?,? (?:but|only|in|just)\b", re.I
)
"""Changes one thing of what is looked for: "same sort of thing but five hundred pieces"."""
ASKS_ANEW = re.compile(
    r"\b(?:some\w*|any\w*|wh(?:at|ich|ere)(?:'?s)?|how|(?<!ve )got|do (?:you|u|they)|have (?:you|u)|show|find|"
    r"need an?|want an?|looking|after an?|ideas?|help|else|by the way|btw|before i|different\w*|subject|now|next|another|"
    r"also|as well|for (?:me|my|him|her|us|the))\b|\?",
    re.I,
)
"""A request for something; without one, what is only told is of what is looked for ("we've a spaniel who drools, so I
must be able to wash it")."""
LINKED = re.compile(
    r"\b(?:it|its|they|them|ones?|must(?:n't)?|needs? to|ha(?:s|ve) to|should|(?:so|as) long as)\b", re.I
)
"""Ties what is told to what is looked for."""
FRAGMENT = re.compile(
    r"^\W*(?:(?:and|or|ok|so|in|with|but)\W+)*(?!.*\b(?:is|are|was|does|do|did|has|have|can|could|will|would|how|what|"
    r"which|why|when|where|who|it|its|they|them|that|this)\b)[\w'+./ -]{2,30}\?+\s*$",
    re.I,
)
"""A value with a question mark and nothing else: "USB-C plug?"."""
WANTED_BEFORE = re.compile(
    r"\b(?:(?:will|would|do|does|might|may|they|he|she|i|we) (?:want|need|like|love|prefer)s?|only|just|wants|"
    r"needs|prefers)\s+"
    r"(?:(?:an?|the|some|his|her|my)\s+)?(?:[\w'-]+(?:,| and| or)\s+)?$",
    re.I,
)
WANTED_AFTER = re.compile(r"^(?: on it| in it)?,? (?:please|pls|plz)\b", re.I)
REFUSING = re.compile(
    r"\b(?:no|not|nor|never|without|none|nothing|neither|hates?|avoid\w*|except|but not|less|rather)\b|n['’]t\b",
    re.I,
)
"""With words that want it and none that refuse, what the reader took for refused is wanted."""
GETTING = re.compile(
    r"\b(?:get|buy|order|find|show|need|want|have you got|do you have)(?: me)?(?: (?:just|some|any|an?|new|instead))*\s+$",
    re.I,
)
"""Before what is to be got."""
INCLUDED = re.compile(r"\b(?:included?|in(?:side)? the box|with (?:it|them)|come with)\b", re.I)
"""Asks what there is to a product, no sort of it."""
STILL = re.compile(r"\b(?:still|also still|but still)(?: (?:in|the|an?|with|size|from|by))?\s+$", re.I)
"""Before what stays as it was asked for."""
MATTERS = re.compile(
    r"\b(?:what (?:really )?(?:matters|counts)|all (?:that |i )?(?:matters|counts|care about|really need)|"
    r"(?:the )?(?:main|important|only) thing)(?: now| to (?:me|us|her|him))?(?: is| are|'s)"
    r"(?: (?:an?|the|that it has))?\s+$",
    re.I,
)
"""Before what is wanted above all."""
EITHER = re.compile(
    r"\b(?P<one>[\w'-]+)(?: [\w'-]+)? or (?P<other>[\w'-]+)(?: [\w'-]+)?\W+(?:i (?:really )?(?:do ?n['’]?t|do not) "
    r"(?:mind|care)|"
    r"either(?:'s| is| will| would)?|whichever|makes? no (?:odds|difference)|(?:i'?m )?not (?:bothered|fussed|fussy))\b",
    re.I,
)
"""One or the other, which does not matter: "floor or ceiling, I don't mind"."""
BETTER_IF = re.compile(
    r"^\W*(?:(?:and|but|maybe|so)\W+)*better (?!ones?\b|rated|reviewed|than|quality|value|liked|known)", re.I
)
"""Opens what is rather wanted, and compares nothing: "better if the waist is high", "better trousers, it's cold"."""
SWAPPED = re.compile(
    r"\b(?:swap|exchange|replace|switch|trade)\s+(?P<old>[^,.;]{1,40}?)\s+(?:for|with|to)\s+(?P<new>[^,.;]{2,60})",
    re.I,
)
"""One thing in the cart in place of another."""
OF_CART = re.compile(
    r"\b(?:cart|basket|bag|trolley|order|total|sum|altogether|in all|so far|come\w* to|add(?:s|ing)? up|got in|in there|"
    r"all (?:that|of it|this)|everything|the lot|owe|pay|bill|put in|how much)\b",
    re.I,
)
"""Speaks of the cart or of what is owed."""
OF_IT = re.compile(
    r"\bhow (?:large|big|long|heavy|wide|tall|high|deep|many|much|thick|strong|small|loud)\b.*"
    r"\b(?:it|that|this|they|those|these)\b"
    r"|\bwhat(?:'?s| is| are) the (?:exact|complete|full|actual|precise)\b",
    re.I,
)
"""Asks for a measure or the whole of something of what is shown, explains nothing."""
NEEDED_WITH = re.compile(
    r"\b(?:what|anything|is there anything) else (?:(?:do|does|will|would|should|might|must|that|which|i'll|we'll|he'll|"
    r"she'll|they'll) )?(?:(?:i|we|he|she|they|one) )?(?:(?:will|would|should|might|must) )?"
    r"(?:have to (?:get|buy|have)|needs?|required?|buy|get)\b(?! (?:for|under|below)\b)",
    re.I,
)
"""Asks what must be bought beside what is shown: "what else will she need to get going"."""
WHAT_ELSE = re.compile(
    r"\b(?:what|anything|something) else (?:(?:do|have|did|can|could) )?(?:you|u|ya|yous?)?(?: guys)?(?:'ve)? ?"
    r"(?:have|got|sell|stock|show|do|is there)?\W*(?:$|[,.;?!]|\b(?:then|there|same|instead|please|pls)\b)",
    re.I,
)
"""Asks for others than those shown: "what else you got, same budget"."""
OTHER_ONES = re.compile(
    r"\b(?:any|some|the|got|have|no|show)\s+(?:me\s+)?others?(?: ones)?\b|\bother ones\b", re.I
)
"""Asks for others of the kind of what is shown or talked about."""
FOR_MYSELF = re.compile(
    r"\bfor (?:me|myself)\b(?= (?:also|too|as well|this time|now|instead|then)\b|\W*$|[,.;!])"
    r"|\b(?:one|some|something|another) for (?:me|myself)\b",
    re.I,
)
"""Says that it is for the shopper, whomever the talk was of: "not for her this time, for myself"."""

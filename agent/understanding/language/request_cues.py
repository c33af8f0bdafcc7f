"""Words of a request that tell how many, among what, for whom, and what does not matter."""

from __future__ import annotations

import re

from retrieval.text.word_set import word_set

HOW_MANY = re.compile(
    r"\b(?:show|give|list|find|see|recommend)(?: me)?(?: the)?(?: top| best)? "
    r"(\d{1,2}|two|three|four|five)\b",
    re.I,
)
QUANTITY = re.compile(
    r"\b(?P<n>\d{1,3}|a couple|couple|two|three|four|five|six|seven|eight|nine|ten|twelve|a dozen|dozen|both"
    r"|another)\b(?!\s(?:hundred|thousand|grand|and a half)\b)",
    re.I,
)
FEW_PIECES = 24
"""A larger number counts pieces only where a word beside it says so."""
COUNTED_OUT = re.compile(
    r"^\s*(?:x\b|of\b|pieces?\b|pcs\b|units?\b|packs?\b|pairs?\b|box(?:es)?\b|copies\b|(?:\w+ )?\w+s\b)", re.I
)
"""Behind a number of pieces."""
TIMES = re.compile(r"(?<![\w.])(?P<n>\d{1,2})\s?x(?= ?[a-z])|\bx\s?(?P<m>\d{1,2})\b", re.I)
"""A number that says how many, whatever other numbers stand beside it: "2x Perch 75"."""
OF_ALL = re.compile(r"\b(?:the|these|those|all|of)\s+$", re.I)
"""Before a number that counts what is shown ("the cheaper of the two"), not what is wanted."""
SINGLE = re.compile(
    r"\b(?:make (?:it|that|them)|just|only|(?:room|space|use|need) for|need|want|take|have)(?:\s+just|\s+only)?"
    r"\s+(?:the\s+)?one\b(?=\W*(?:$|[,.!?]|(?:please|then|actually|though|thanks)\b))|\bone of (?:them|those|these)\b",
    re.I,
)
"""One piece, where the word is no pronoun."""
ONES = re.compile(r"\b(?:the|those|these) [\w' -]+ ones$", re.I)
"""Some of what is shown, called by what they are like: "the brown ones"."""
COUNTED = re.compile(
    r"\b(?:\d{1,2}|one|two|three|four|five|six|a couple) of (?:those|these|them|that|em)"
    r"(?=\W*(?:$|[,.;!?]|(?:in|into|to|please|pls|then|and|for)\b))",
    re.I,
)
"""A number of what is talked about, not described any further: "pop three of those in my basket"."""
COUNT_OF = re.compile(
    r"^(?:[\s,.!]|\b(?:ok(?:ay)?|right|so|well|and|then|yes|yeah|great|lovely|fine|perfect|sold|go on)\b)*"
    r"(?:\d{1,2}|an?|one|two|three|four|five|six|a couple) of (?:those|these|them|that|em)\b(?: ones?)?"
    r"(?=(?:\s+(?:then|please|pls|thanks?|actually|instead|after all))*\s*(?:[.,;!]|$|\band\b))",
    re.I,
)
"""A number of those shown and nothing else: they are taken ("two of those then. what's the damage?")."""
SETTING = re.compile(
    r"^\W*(?:no|sorry|oops|wait|actually|i meant)\W+(?:just |only )?(?:\d{1,2}|[a-z]+)\W*$|"
    r"\bmake (?:that|it|them|those)\b|\b(?:change|set|increase|reduce|cut|lower)\b"
    r"|\b(?:up|down|drop|bump)(?: (?:it|that|them))? to\b"
    r"|\binstead\b|\b(?:only|just)\b|\b(?:room|space) for\b|\b(?:is|are) (?:enough|plenty|too many)\b",
    re.I,
)
"""Says how many there shall be, not how many more or fewer."""
RETHINKING = re.compile(
    r"\bmake (?:that|it|them|those)\b|\b(?:change|swap|switch|instead|actually|rather|wait|sorry|oops)\b"
    r"|\b(?:hang|hold) on\b|\bi (?:meant|mean)\b",
    re.I,
)
"""Says that what was just done shall be done otherwise."""
MISTAKEN = re.compile(
    r"\b(?:i|we) (?:meant|mean|wanted|was after)\b|\b(?:the )?wrong (?:one|thing)\b|\bnot (?:that|this) one\b",
    re.I,
)
"""Says that another product was meant than the one that was taken."""
BESIDES = re.compile(r"\b(?:another|extra|too|also|as well|more|both|one each)\b", re.I)
"""Says that something is wanted beside what there is."""
UNDECIDED = re.compile(
    r"\W*(?:(?:i|we|oh|well|really|honestly|it)\W+)*(?:either(?: one| of them| way)?|any(?: of them| one)?|whichever|"
    r"whatever|(?:do ?n['’]?t|do not) (?:mind|care|know)|no preference|not (?:fussed|bothered|sure)|up to you|"
    r"you (?:choose|pick|decide)|surprise me)"
    r"(?:\W+(?:is|are|really|fine|ok(?:ay)?|good|works?|then|please|to be honest|either|best))*\W*",
    re.I,
)
"""Leaves a choice open, and takes nothing."""
TAKING_OUT = re.compile(
    r"\b(?:remove|take\b.*\b(?:out|off|away)|drop|delete|lose|get rid|without|don'?t want)\b", re.I
)
"""Says that something is taken out."""
NOT_SHOWN = re.compile(
    r"(?:\W*\b(?:and|so|but|ok(?:ay)?|well|please|u+m+|hm+)\b)*\W*(?:don'?t|do not|stop) show(?:ing)? me\b"
    r"(?!.*\b(?:ever|again|any ?more|from now|in (?:the )?future)\b)",
    re.I,
)
"""Refuses something now, not for good: "don't show me nylon"."""
UNWANTED = re.compile(r"\bwithout\b|\b(?:don'?t|do not) want\b", re.I)
"""Of these, what refuses where nothing was put in: "I don't want nylon"."""
PUTTING = re.compile(
    r"\b(?:add|put|pop|chuck|stick|throw|drop|bung|place|more|another|extra|additional|further)\b", re.I
)
"""Says that so many are put in beside those that are there."""
QUANTITIES = {
    "a couple": 2,
    "couple": 2,
    "another": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "a dozen": 12,
    "dozen": 12,
}
AMONG = re.compile(
    r"\bwhich\b|\bout of (?:these|those|them)\b|(?<!\bone )\bof (?:those|these|them|that lot)\b", re.I
)
SELECTING = re.compile(
    r"\b(?:which|any|either|one|some|none) (?:one |ones )?(?:of|from|among|amongst|out of) "
    r"(?:these|those|them|that|the (?:two|three|four|lot))\b"
    r"|\b(?:of|among|amongst|out of) (?:these|those|them|that lot)\b"
    r"|\bwhich (?:ones?|is|are|has|have|come|comes|would|will|can|do|does)\b"
    r"|\b(?:any|which|some) of (?:the|your) \w+s\b",
    re.I,
)
"""Asks for those of the products shown that meet something: "which one has hemp in it", "any of them vegan"."""
RECOUNTED = re.compile(
    r"\W*(?:(?:no|nope|sorry|oops|wait|actually|i meant|make (?:it|that)|rather)\b\W*)+(?:just |only )?"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\W*(?:please|of (?:them|those)|instead)?\W*",
    re.I,
)
"""Another number in place of the one just said."""
COMPARED_ONE = re.compile(
    r"\W*(?:and |ok(?:ay)? |so |hm+ |then )*(?:what about |how about )?(?:the |a )?"
    r"(?:less expensive|more expensive|[a-z]{3,}er) (?:one|ones|pair|tent|bag|[a-z]+)\W*(?:then|please)?\W*",
    re.I,
)
"""Names one by a comparison, and says nothing of taking it."""
GOING = re.compile(
    r"\b(?:goe?s?|going|match\w*|pairs?|paired|accessor\w+|wears?|worn|complet\w+|complements?|along(?:side)?|together|else|"
    r"also|besides?|extras?|spares?|refills?|replacements?|add[- ]?ons?|bundle|set|fits?|suits?|works?|uses?|needs?)\b",
    re.I,
)
"""Without one of these nothing is asked that goes with something."""
GREETING = re.compile(
    r"\W*(?:(?:hi+|hey+|hello+|hiya|howdy|yo|oi|ey up|evenin'?g?|mornin'?g?|afternoon|good (?:day|evening|afternoon)"
    r"|good morning|alright|all right|how do|how are you|how's it going|what's up|wassup|sup|there|mate|love|guys|folks"
    r"|everyone|dear)\b\W*)+",
    re.I,
)
"""Greets, and nothing more."""
ABOUT_IT = re.compile(
    r"\b(?:more|bit|detail\w*|info\w*|something|anything|everything|all|tell me)\s+(?:on|about|of|regarding)\b"
    r"|\b(?:tell|know|hear|say|learn|read)(?: me| us)?(?: a (?:bit|little))? more\b(?! (?:like|of them|of those))"
    r"|\bmore (?:details?|info(?:rmation)?)\b",
    re.I,
)
"""Wants to know more of something, not more things."""
THAN = re.compile(r"\bthan\b", re.I)
EACH = re.compile(r"\b(?:each|apiece|per (?:item|piece)|every one|or)\b", re.I)
"""Of several things: a budget for each, or one or the other of them."""
SAME_BUDGET = re.compile(r"\bsame (?:budget|bugdet|price(?: range)?|money|limit|spend)\b", re.I)
"""What may be spent stays, whatever is looked for now."""
OUT_OF = re.compile(r"\b(?:out of|of|from|among|amongst) (?:that|those|these|them)(?: lot)?\W*$", re.I)
"""At the end: of what is shown ("only hoodies out of that")."""
OF_THEM = re.compile(r"\s*(?:out )?(?:of|from|among|amongst) (?:those|these|them|that lot|the lot)\b", re.I)
"""Behind the end of an order: among those that are shown."""
NO_NAME = re.compile(r"(?:for|with|without|about|around|up to|at most) ", re.I)
"""Begins what is told of a thing, and no thing: "for my bike", "with a cord"."""
NO_KIND = re.compile(
    r"\b(?:over|on|at|off|to) (?:the )?top(?: of)?\b|\btop (?:of|up|notch|quality|end|tier|dollar)\b|\bback to back\b"
    r"|\b(?:any|no|the|much|what'?s the|what is the|see the) point\b|\bplan [abc]\b",
    re.I,
)
"""Idioms whose words name no product: "something over the top of it"."""
SOMETHING = re.compile(r"\b(?:something|anything|summat|s(?:ome)?thing|what)\b", re.I)
"""Asks for whatever serves, of whatever kind."""
NONE_OF = re.compile(
    r"^(?:[\s,.!]|\b(?:and|so|ok(?:ay)?|oh|ah|hm+|right)\b)*no (?P<thing>[\w' -]{3,30}?)"
    r"(?:\s+(?:either|then|at all|here|in stock|i (?:suppose|guess|take it)))+\W*\?",
    re.I,
)
"""Asks whether there is any of something: "no socks either I suppose?"."""
ASKED_BY_NAME = re.compile(
    r"^(?:\W*\b(?:u+m+|u+h+|hm+|well|ok(?:ay)?|so|hi|hello|hey|right|now|next|and|then|please|start over)\b\W*)*"
    r"(?P<asks>(?:(?:can|could|will|would) you )?(?:please )?(?:show|find|get|give) (?:me|us)\b"
    r"|(?:do you (?:have|sell|stock|carry)|have you got|got|any)\b"
    r"|(?:(?:i'?m|i am|we'?re|we are) )?(?:looking for|after)\b|(?:i|we)(?:'d| would)? (?:need|want|like)\b)?"
    r"(?:\s*\b(?:an?|some|any|your)\b)?\s*(?P<thing>[\w'&-]+(?: [\w'&-]+){0,3}?)"
    r"(?:,? (?:please|pls|thanks?(?: you)?|if you can|if possible))*\W*$",
    re.I,
)
"""A request that names a thing and says nothing else of it: "could you find me noise gates please"."""
KEPT = re.compile(
    r"\b(?:me|my|mine|i|we|everything|all|know|known|data|history|stored|saved|kept|remember\w*|memory|profile)\b",
    re.I,
)
"""Beside "forget": what is kept of the shopper, not a condition of the talk."""
ELSE = re.compile(
    r"\b(?:what|anything|something|nothing|which ones?) else\b|\bother than (?:that|this|it)\b", re.I
)
"""Asks for another thing than the one talked about."""
ANOTHER = re.compile(
    r"\b(?:give|show|find|get|suggest|recommend|want|need|try|got|have)(?: me| us| you)?(?: got)?"
    r" another(?: one| model)?"
    r"(?= (?:with|that|which|for|under|from|without|then|instead|please|but)\b|\W*$)",
    re.I,
)
"""Asks for another product than the one talked about."""
IN_ALL = re.compile(
    r"\b(?:you (?:have|stock|sell|do|got|carry)|in (?:the|your) (?:\w+ )?(?:shop|place|store)|there is|anywhere"
    r"|of all (?:the|your))\b",
    re.I,
)
FOR_MY_TASTE = re.compile(
    r"\b(?:for me|my (?:taste|style|thing)|i(?:'?ve| have)? (?:liked?|loved?|bought|enjoy\w*)|you (?:think|pick|choose)|"
    r"recommend\w*|suggest\w*)\b",
    re.I,
)
"""Asks for what suits this shopper, or for advice."""
OF_THE_SHOP = re.compile(
    r"\b(?:of|out of|from|among) all (?:of )?(?:the|your)\b|\b(?:whole|entire) (?:shop|store|range|selection)\b",
    re.I,
)
"""Asks of all that there is, not of what was shown or asked for."""
REQUEST = re.compile(
    r"\b(?:show|find|need|want|looking for|recommend|suggest|do you have|got)\b|\bany \w+\?", re.I
)
"""Words that ask to be shown something."""
INTO_CART = re.compile(
    r"^\W*(?:in|into|to)\s+(?:my|the|your)\s+(?:cart|basket|trolley)\b"
    r"|^(?!.*\b(?:what|how|is there|are there|remove|take|out of|fits?|goes|carry)\b).*"
    r"\b(?:to|in|into|2)\s+(?:(?:my|the|your|a)\s+)?(?:(?:shopping )?(?:cart|basket|trolley))\b"
    r"(?!\s+(?:for|with|that))[\s,.!?]*(?:please|thanks?(?: you)?|then|now|ta|pls|plz|[\s,.!?])*(?:$|[,;.!-]\s*\S)",
    re.I | re.S,
)
SUMMED = re.compile(
    r"\b(?:together|altogether|in total|total(?:led)?|combined|in all|all in|the sum|come(?:s)? to|add(?:s)? up)\b"
    r"|\bhow much (?:for|are|is|would be) (?:both|all|the two|the three|the pair|the lot)\b",
    re.I,
)
"""Asks what several cost together."""
OF_ONE = re.compile(
    r"^\W*(?:and |so |ok |but )*is (?:it|this|that)(?: one)? (?:still )?in stock\W*$"
    r"|\bwhat(?:'?s| is| was)(?: the)? price\b"
    r"|\bwhat (?:do|does|did|would|will) (?:[\w'-]+ ){1,5}(?:cost|(?:go|sell|retail) for)\b"
    r"|\bhow mut?ch (?:is|was|does|do|for|are)(?! (?:that|it|they|this) (?:all|altogether|together|in total|come)\b)"
    r"(?: (?:it|this|that)(?: one)?(?: cost)?\W*$| (?:an?|the|each|one|those|these)\b)"
    r"|\bhow mut?ch makes\b|\bwhat(?:'?re| are)? (?:you|they|u) (?:asking|charging|wanting)\b"
    r"|\bwhat (?:do|would) (?:you|they|u) want for (?:it|that|this|them)\b"
    r"|\bwhat(?:'?s| is) (?:it|that|this)(?: one)? going for\b",
    re.I,
)
"""Asks for the price or the stock of a product that is talked about."""
IN_SUM = re.compile(
    r"\b(?:cart|basket|trolley|total|altogether|in all|together|everything|the lot|deliver\w*|ship\w*|post(?:age|ing)|"
    r"(?:gift )?wrap\w*|return\w*|send\w*|refund\w*|repair\w*|warrant\w*|install\w*)\b",
    re.I,
)
"""What a price is asked of that no product has."""
SOME_ONE = re.compile(
    r"\b(?:one|some|something|anything|another)\s+(?:with(?:out)?|that(?:'s|s)?|which|under|below|for (?:under|less)|"
    r"made|from|in)\b",
    re.I,
)
"""One of its kind, none of those shown: "I take one with a cable"."""
OWED = re.compile(
    r"\bwhat(?:'?s| is) the damage\b|\bwhat do i owe\b|\bhow much do i owe\b|\bwhat does that (?:all )?come to\b",
    re.I,
)
"""Asks for the sum of the cart."""
YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|of course|absolutely|please do|go ahead|do (?:that|it|so))"
    r"(?:[\s,]+(?:please|thanks?(?: you)?|do(?: that| it)?|remember(?: that| it)?|sure|go ahead|that'?s fine))*\W*",
    re.I,
)
NO = re.compile(
    r"\W*(?:no|nope|nah|rather not|don'?t|please don'?t)"
    r"(?:[\s,]+(?:thanks?(?: you)?|don'?t|please|remember(?: that| it)?|need|rather not))*\W*",
    re.I,
)
"""A whole answer to a question that was asked."""
SEE = re.compile(
    r"\b(?:can|could|may|might) i (?:please )?(?:see|look at|have a (?:look|peek) at)\b|\blet me see\b", re.I
)
SHOWING = re.compile(r"\b(?:show|lemme see|let me see|let us see|let's see)\b", re.I)
"""Asks to be shown something, and takes nothing yet."""
TAKING = re.compile(
    r"\b(?:add|take|have|buy|order|put|get|grab|remove|drop|clear|forget|start|check|pay|delete)\b", re.I
)
"""Words of taking, without which a question changes nothing."""
PLACED = re.compile(
    r"\b(?:it|that|this|those|them|first|second|third|fourth|fifth|last|other|number|\d(?:st|nd|rd|th))\b",
    re.I,
)
"""Points at a product by its place, or at what is talked about."""
AS_WELL = re.compile(r"\b(?:too|also|as well|and|both|all)\b", re.I)
"""Says that it comes on top."""
HOW_TO_PAY = re.compile(
    r"\bhow (?:do|can|could|would|will|should) (?:i|we|you|people|one) pay\b"
    r"|\b(?:payment|cards?) (?:methods?|types?|options?)\b"
    r"|\b(?:can|could|may) (?:i|we) pay (?:by|with|on|in|via|using)\b|\bdo you (?:take|accept)\b",
    re.I,
)
"""Asks in what ways the shop is paid."""
ASKS_COUNT = re.compile(r"\W*(?:(?:and|so|ok|well|hi|hello)\W+)*how many\b", re.I)
"""Asks how many there are."""
REQUIRING = re.compile(r"\b(?:should|must|has to|have to|needs? to|got to|gotta) (?:all )?be\b", re.I)
"""Tells how a thing has to be."""
POLITE = re.compile(r"\b(?:can|could|would|will) (?:you|we|i)\b|\bplease\b|\b(?:cart|basket|bag)\b", re.I)
"""A question that asks for something to be done."""
WHICH = re.compile(r"\W*(?:(?:so|and|ok|okay|well|right)\W+)?which\b", re.I)
INDIFFERENT = re.compile(
    r"\b(?:any|whatever|every) (?P<what>price|colou?r|brand|size|material|make)\b(?! (?:but|except|other))"
    r"|\b(?:the )?(?P<which>price|colou?r|brand|size|make) (?:(?:really|honestly|actually) )?"
    r"(?:does ?n.t|doesnt|does not) (?:really )?matter"
    r"|\b(?:don.?t|do not) (?:mind|care)(?: about)? (?:the |which |what )?(?P<named>price|colou?r|brand|size|make)\b"
    r"|\b(?:forget|never ?mind|ignore|scrap|sod|screw|stuff|hang|drop) (?:about )?(?:the|my|that|what i said about the) "
    r"(?P<forgotten>price|money|budget|cost|limit|colou?r|brand|size|make)\b"
    r"|\b(?P<object>money|price|cost)(?:'?s| is|is(?=n.t)) ?"
    r"(?:no object|(?:not?|n.t) (?:an? )?(?:issue|problem|concern))\b",
    re.I,
)
PRONOUN = re.compile(r"\W*(?:it|that|them|em|those|this|one|these)\W*", re.I)
OF_MINE = re.compile(r"\b(?:my|our)\b", re.I)
SIMILAR = re.compile(
    r"\b(?:(?:something|anything|stuff|things?|ones?|others?|more|similar|exactly|just|much|a lot) like"
    r"|similar to|resembl\w+|along the lines of|in the style of|(?:same|comparable) (?:as|to))\W*$",
    re.I,
)
"""Directly before a product that others should resemble; "I'd like the second" is none of these."""
ASKS_BESIDE = re.compile(
    r"\b(?:and|also|then|plus|now)\b[^.?!]{0,12}\b(?:what(?:'?s)?|which|show|find|need|want|looking for|recommend|got|"
    r"have you|do you|is there|are there)\b",
    re.I,
)
"""Between what is taken and another thing: asks for that."""
ALIKE = re.compile(
    r"\b(?:what(?:'?s| is| else is)|is there|are there|any(?:thing)?|something|got|have you)\b[^.?!]{0,20}?"
    r"\b(?:similar|comparable|alike|along (?:those|the same|similar) lines)\b(?! to\b)"
    r"|\b(?:next|second)[- ]best(?: thing)?\b|\bclosest (?:thing|one)?\s?(?:you(?:'ve)? (?:have|got)|to it)\b",
    re.I,
)
"""Asks for what resembles the product that is talked about, without naming it."""
ONLY = re.compile(r"\b(?:only|just)\s+(?:from |by |in )?$", re.I)
LIST_JOINT = re.compile(r"\s*(?:,|\band\b|\bor\b|/|&)\s*", re.I)
VAGUE_HEADS = word_set(
    "thing things thingy thingies thingamajig stuff something anything smth sth sumthin summat somethin "
    "contraption contraptions doodah whatsit widget "
    "item items product products gadget gadgets gear gizmo present presents gift gifts surprise bits "
    "another other others replacement "
    "device devices pieces accessory kind kinds sort sorts type one ones version accessories idea ideas option options"
)
"""Heads that name no kind of product."""
STANDS_FOR = re.compile(r"\bones?$", re.I)
"""Ends what stands for a thing and only describes it: "the pirate ones"."""

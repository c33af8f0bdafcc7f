"""What a shopper does with an utterance, as far as its wording alone tells."""

from __future__ import annotations

import re

from agent.language.comparatives import COMPARATIVES, superlative
from agent.meaning import Act

_I = re.IGNORECASE


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in alternatives), _I)


_ENDS = "|".join(
    sorted({form for word in COMPARATIVES if word.endswith("er") for form in (word, superlative(word))})
)
"""Both ends of every scale: "cheaper", "cheapest", "heavier" ..."""
_MOST = rf"(?:better|best|nicer|nicest|worth|most \w+|least \w+|more \w+|less \w+|{_ENDS})\b"
UNDO = _pattern(
    r"^\W*(?:please )?undo\b",
    r"\b(?:go|take me|bring me) back\b(?! to (?:school|work))",
    r"^back$",
    r"\b(?:revert|take that back|undo (?:that|it|this|the last))\b",
    r"\bshow (?:me )?the (?:previous|last|earlier) (?:results|ones|list|products|options) again\b",
    r"\bprevious (?:results|list|search)\b",
)
START_OVER = _pattern(
    r"\b(?:start|begin) (?:over|again|afresh|anew|fresh|from scratch|a new search)\b",
    r"\bnew search\b",
    r"^\W*(?:please )?reset\b(?: everything| all| the (?:search|filters))?",
    r"\bforget (?:everything|all (?:of )?(?:that|it)|what i (?:just )?said)\b(?! about me| you know)",
    r"\b(?:clear|remove|drop) (?:everything|all(?: (?:the |my |of )*(?:filters|constraints|that))?)\b",
    r"\bfrom scratch\b",
)
COMPARE = _pattern(
    r"\bcompar(?:e|ing|ison)\b",
    r"\bdifferences? between\b",
    r"\bhow (?:do|does|are) (?:they|these|those|the (?:first|two|second)\b.*) (?:differ|different|compare)\b",
    r"\bwhat(?:'s| is) the difference\b",
    r"\b(?:vs\.?|versus)\b",
    r"\bside by side\b",
    r"\bwhich (?:one |of (?:them|these|those|the (?:two|three)) |of the \w+ (?:two|three) "
    r"|(?!one\b|of\b)[\w-]+ )?(?:is|are|would be|do you think is|looks|sounds) "
    rf"(?:the )?{_MOST}",
    rf"\bwhat(?:'s| is| are| would be) (?:the )?{_MOST}(?:[- ]lasting)?(?: ones?)?"
    r"(?: (?:of|among) (?:them|these|those)(?: all)?| here)?\W*$",
    rf"\b(?:is|are) (?:the )?(?:first|second|third|fourth|fifth|last)\b.{{0,20}}\bor\b.{{1,40}}\b{_MOST}",
    rf"\bis (?!there|any|some)(?:the )?\w+ (?:one )?(?:more \w+|less \w+|{_ENDS}) than\b",
    r"\b(?:does|do|has|have) (?:the )?(?:first|second|third|fourth|fifth|last)\b.{0,12} "
    rf"(?:more|less|fewer|{_ENDS})\b.{{1,40}} than\b",
    rf"\bhow much (?:more \w+|less \w+|{_ENDS}) (?:is|are)\b",
    r"\bwhich (?:one )?(?:should|would|do) (?:i|you) (?:buy|get|choose|pick|take|prefer|recommend)\b",
    r"\bis the \w+ (?:one )?better than\b",
    r"^\W*(?:and )?which (?:one |of (?:them|these|those) )?(?:has|have|offers|gives|weighs|costs|lasts)"
    r" (?:the )?(?:most|least|more|less|longer|best|worst|\w+est)\b",
)
COMPARE_ALIKE = _pattern(
    r"\b(?:with|to|against|and) (?:a |an |the |some |something |another |other |one |its )*"
    r"(?:similar|alternative|comparable|nearest|next best|close(?:st)?|like it|rival|competitor)\w*\b",
    r"\b(?:with|to|against) (?:another|something else|other)\b",
)
""" "Compare it with a similar one": with one that was not shown."""
WHICH_IS = _pattern(
    r"\b(?:which|what) (?:one )?(?:is|are|would be|'s) (?:the|your) "
    r"(?:\w+est|least|most|best)\b(?! ones?\b| of\b)",
)
""" "Which is the cheapest tent": of what is shown, unless a kind of product is named."""
WHICH_KIND = re.compile(r"\bwhich (?!one\b|of\b)[\w-]+ (?:is|are|would be|looks|sounds)\b", _I)
""" "Which tent is the lightest": of the tents that are shown, unless others are."""
WHOLE_SHOP = _pattern(
    r"\b(?:most expensive|cheapest|least expensive|priciest|dearest|best|most popular) "
    r"(?:thing|item|product|stuff)s?\b(?: (?:that )?(?:you|they|there|in|of)\b|\W*$)",
    r"\b(?:show|give|list|browse|see)(?: me)? "
    r"(?:everything|all (?:your|the) (?:products|things|items|stuff))\b"
    r"(?! (?:about|on|you know)\b)|^\W*everything (?:except|but|other than)\b",
)
"""Asks of all that the shop has; what was wished before does not narrow it."""
WHY = _pattern(
    r"\bwhy (?:did|do|are|would|have) you (?:\w+ )?"
    r"(?:suggest|recommend|show|pick|choos|chos|propos|list|think|shown)",
    r"\bwhy (?:is|was|are|were) (?:it|this|that|they|these|the \w+(?: one)?)"
    r"(?: (?:here|suggested|recommended|shown|listed|first|top|there))?\W*$",
    r"^\W*(?:but )?why\W*$",
    r"^\W*(?:but )?why (?:this|that|it|this one|that one"
    r"|the (?:first|second|third|fourth|fifth|last)(?: one)?)\W*$",
)
"""Asks for the reasons of what was shown."""
BUNDLE = _pattern(
    r"\b(?:goes|go|going|works?|pairs?|fits?) (?:well |nicely |together )*with (?:it|this|that|them|these"
    r"|those|the (?:first|second|third|last|\w+ one))\b",
    r"\b(?:complete|finish|round off) (?:the|my) (?:set|look|outfit|setup|kit)\b",
    r"\bbundles?\b",
    r"\bwhat else (?:do|would|will|should|might) i (?:need|want|buy|get)\b",
    r"\b(?:frequently|usually|often) bought (?:together|with)\b",
    r"\bwhat (?:do|did) (?:other )?(?:people|others|customers|buyers|shoppers) (?:also )?"
    r"(?:buy|get|order|add)\b",
    r"\baccessor(?:y|ies) (?:for|to go with|with|that (?:fit|go with)) (?:it|this|that|them|these|those"
    r"|the (?:first|second|third|last|\w+ one))\b",
    r"\b(?:to|that|which|something) (?:match|pair with|go with|complement|goes with|matches) (?:it|this"
    r"|that|these|those|them|the (?:first|second|third|last|\w+ one))\b",
    r"\banything (?:else )?(?:to go )?with (?:it|that|this)\b",
)
ASK_BUYERS = _pattern(
    r"\breviews?\b(?! (?:score|count)\b)",
    r"\bwhat (?:do|did|are|have) (?:people|buyers|customers|others|other (?:people|buyers|customers)"
    r"|owners|users|shoppers|they|reviewers)"
    r"(?: who bought (?:it|this|that))? (?:say|said|think|saying|thinking|complain|like|love|hate|dislike"
    r"|find)",
    r"\b(?:do|did|does) (?:people|buyers|customers|owners|users|reviewers|anyone|anybody) "
    r"(?!(?:also |usually |often )?(?:buy|get|order|take|choose|pick)\b)\w+",
    r"\b(?:people|buyers|customers|owners|users|reviewers|anyone|anybody|others) (?:say|said|complain"
    r"|mention|report|like|love|hate|think|find)",
    r"\b(?:any|are there|common|known|what are the|main|biggest) (?:\w+ )?(?:complaints?|problems?|issues?"
    r"|downsides?|drawbacks?|flaws?|weaknesses|negatives|positives|pros|cons|upsides|strengths|feedback|opinions)\b",
    r"\bwhat(?:'s| is) (?:(?:so )?(?:bad|good|great|wrong)|the (?:catch|downside|problem|worst (?:thing|part)"
    r"|best (?:thing|part))) (?:about|with|of)\b|\bwhat(?:'s| is) the catch\b",
    r"\bwhat (?:don't|didn't) (?:people|buyers|customers|they|owners|users)\b",
    r"\b(?:pros and cons|opinions? (?:on|about|of)|feedback (?:on|about))\b",
    r"\bis it (?:any good|worth (?:it|the money|buying))\b",
    r"\bhow (?:good|comfortable|loud|quiet|durable|reliable|sturdy|easy|fast|noisy|long[- ]lasting"
    r"|accurate|soft|warm|bright|strong) (?:is|are)\b",
    r"\b(?:does|do|will) (?:it|they|this|that|the \w+(?: one)?) (?:last|hold up|break|leak|fall apart"
    r"|feel cheap|run (?:small|large|true))\b",
)
COMPLAINTS = _pattern(
    r"\b(?:complain\w*|dislikes?|disliked|hates?|hated|criticis\w*|criticiz\w*|negatives?|cons|downsides?"
    r"|drawbacks?|problems?|issues?|weakness(?:es)?|faults?|flaws?|catch|unhappy"
    r"|(?:bad|worst|negative|critical) (?:reviews?|things?|points?|parts?)"
    r"|(?:don't|didn't|do not|did not|doesn't) (?:people|buyers|customers|they|owners|users)?\s?(?:like|love)"
    r"|wrong with|speaks? against)\b",
)
PRAISE = _pattern(
    r"\b(?:(?<!n't )(?<!not )(?:likes?|liked|loves?|loved|enjoys?|praises?|praised)|positives?|pros|upsides?"
    r"|strengths?|happy with|good (?:reviews?|things?|points?|about)|great about"
    r"|best (?:things?|parts?) (?:about|of)|(?:best|positive) reviews?"
    r"|speaks? for)\b",
)
ASK_SHOP = _pattern(
    r"\b(?:free |express |same[- ]day |next[- ]day |international )?(?:shipping|delivery)\b(?! (?:weight"
    r"|box))",
    r"\b(?:return|refund|exchange|cancellation|privacy|price[- ]match) (?:policy|policies|period|window"
    r"|it|them|this|an? (?:item|order|product|gift))\b",
    r"\b(?:can|could|may|how (?:do|can|long do) i|do you|what if i|if i|am i able to|possible to)\b.*"
    r"\b(?:return|(?:send|bring|give|take|get) (?:[\w']+ ){0,3}back|refund|exchange|cancel)\b",
    r"\bwhat (?:happens )?if (?:it|they|this|that|something|i|\w+ \w+) "
    r"(?:(?:is|are|does|do|arrives?|comes?|gets?|turns? out)(?:n't| not)? (?:\w+ )?"
    r"(?:broken|damaged|faulty|defective|fit|work|late|lost|wrong|too (?:big|small))"
    r"|(?:don't|do not) like)\b",
    r"\brefunds?\b|\breturns\b|\bmoney back\b",
    r"\bdo you (?:ship|deliver|gift[- ]?wrap|accept|take (?:paypal|credit|cash|cards)|price match"
    r"|have a (?:store|physical))",
    r"\bhow (?:long|fast|soon|quickly) (?:does|do|will|would|until|before|is|can) .*\b(?:ship|arrive"
    r"|deliver|get here|take to (?!boil|heat|warm|cool|freeze|charge|recharge|dry|brew|grind|cook|toast|clean"
    r"|wash|fill|inflate|assemble|build|pitch|set|put|install|start|learn|read|finish|play))",
    r"\bwhen (?:will|would|does|do) (?:it|they|my order|the order|my \w+) (?:arrive|ship|come|get here)\b",
    r"\b(?:opening hours|store hours|customer service|contact (?:you|details|number)|phone number"
    r"|gift[- ]?cards?|gift[- ]?wrap(?:ping)?"
    r"|payment (?:methods?|options?)|pay (?:with|by|in)|paypal|apple pay|klarna|installments?"
    r"|track(?:ing)? (?:my|number|an order)"
    r"|where(?:'s| is) my (?:order|package|parcel)|warrant(?:y|ies)|guarantee|size (?:guide|chart|charts)"
    r"|sizing (?:guide|chart)"
    r"|(?:what|which) size (?:should|do|would) i (?:take|get|need|order|choose|buy|pick)"
    r"|how do your sizes|customs|import (?:dut(?:y|ies)|tax)|discount codes?|loyalty|newsletter"
    r"|care (?:instructions|guide)|"
    r"(?:how (?:do|should|can)|can|may|should) i (?:wash|clean|care for|descale|store|look after))\b",
)
ASK_PRODUCT = _pattern(
    r"\b(?:tell|show) me (?:(?:more|a bit more|everything|all|something) (?:about|on|of)|about)\b",
    r"\b(?:more|further|full) (?:details?|info(?:rmation)?)\b|\bdetails (?:on|about|of|for|please)\b"
    r"|^details\b",
    r"\bwhat(?:'s| is| are| about) (?:the|its|their) [\w -]{2,40}? (?:of|on|for) (?:it|this|that|them|these"
    r"|the (?:first|second|third|fourth|fifth|last|\w+ one))\b",
    r"\b(?:does|do|did|has|have|is|are|can|will|would) (?:it|this|that|they|these|those|the (?:first"
    r"|second|third|fourth|fifth|last|1st|2nd|3rd|\w+) one"
    r"|the (?:first|second|third|fourth|fifth|last|1st|2nd|3rd)|number \d)\b",
    r"\bwhat (?:size|sizes|color|colors|colour|colours|material|brand|options|variants)\b.*\b(?:is|are"
    r"|does|do|come|comes|available)\b.*\b(?:it|this|that|they|one)\b",
    r"\bhow (?:much|big|heavy|tall|wide|long|large|small|deep|high|thick|old|many) (?:is|are|does|do|was"
    r"|has|cups|people)\b.*\b(?:it|this|that|they|first|second|third|last|one|weigh|cost|hold)\b",
    r"\bwhat(?:'s| is) (?:its|the) (?:price|weight|size|material|capacity|brand|color|colour|battery life"
    r"|length|width|height|power)\b",
    r"\bwhat(?:'s| is) (?:it|this|that(?: one)?) made (?:of|from)\b",
    r"\b(?:describe|explain) (?:it|this|that|the (?:first|second|third|last|\w+ one))\b",
    r"\bwhat(?:'s| is) (?:the (?:first|second|third|last) one|that one|this one)\b",
)
ACCEPT = _pattern(
    r"\bi(?:'ll| will|'d like to| would like to| want to|'m going to| am going to)? ?(?:take|buy|get"
    r"|order|purchase|have|go (?:with|for)|choose|pick) "
    r"(?:it|this|that|them|these|both|the (?:first|second|third|fourth|fifth|last|cheapest|cheaper"
    r"|\w+) ?(?:one)?|number \d|one of those)\b(?! (?:in|but)\b)",
    r"\b(?:add|put) (?:it|this|that|them|these|both|the .{1,30}?) (?:to|in|into) (?:my |the )?(?:cart"
    r"|basket|bag)\b",
    r"\b(?:place|make) (?:the|an|my) order\b|\bcheck ?out\b|\border (?:it|this|that)\b|\bbuy (?:it|this"
    r"|that)(?: now)?$",
    r"^\W*(?:yes|yeah|yep|ok|okay|perfect|great|super|deal|sold)[,!. ]+(?:that(?:'s| is) (?:it|the one"
    r"|perfect)|that one|this one|the .{1,20} one|i(?:'ll| will) take)",
    r"\bthat(?:'s| is) (?:the one|perfect|exactly what|just what)\b",
    r"\b(?:i (?:really )?(?:like|love)|i'm happy with|i am happy with) (?:it|this one|that one"
    r"|the (?:first|second|third|fourth|fifth|last)(?: one)?)\b(?! but| except)",
    r"^\W*(?:sold|deal|perfect|that works|sounds good|looks good|yes(?: please)?|i'm convinced)\W*$",
    r"\bthis one suits me\b",
)
SHOW_CART = _pattern(
    r"\b(?:show|see|view|open|what(?:'s| is)(?: there)? in|check)(?: me)? (?:my|the) (?:shopping )?"
    r"(?:cart|basket)\b"
    r"(?! (?:for|with|that|under))",
    r"^\W*my (?:cart|basket)\W*$",
)
OUT_OF_CART = _pattern(
    r"\b(?:remove|take|delete|drop|get) .{1,40}? (?:from|out of|off) (?:my |the )?(?:shopping )?"
    r"(?:cart|basket)\b"
)
REJECT = _pattern(
    r"\b(?:don't|do not|never|stop) (?:ever )?(?:show|showing|suggest|suggesting|recommend|recommending"
    r"|give|giving|offer) (?:me )?"
    r"(?:that|this|it|them|these|those|the (?:first|second|third|fourth|fifth|last|\w+ one)"
    r"|any of (?:these|those|them))\b",
    r"\b(?:not|no,? not) (?:that|this|the (?:first|second|third|fourth|fifth|last)|these|those|it)(?: one"
    r"| ones)?\b(?! (?:expensive|much|big|small|bad|cheap|heavy|either))",
    r"\b(?:i )?(?:don't|do not|didn't) (?:really |particularly )?(?:like|want|love|fancy) (?:it|this|that"
    r"|them|these|those|any of (?:these|those|them)|the (?:first|second|third|fourth|fifth|last"
    r"|look of .{1,20}))\b",
    r"\b(?:i )?(?:hate|dislike) (?:it|this|that|them|these|those|the (?:first|second|third|fourth|fifth"
    r"|last))\b",
    r"\bnone of (?:these|those|them|that)\b|\bneither(?: of (?:them|these|those))?\b\W*$",
    r"\bnot (?:interested|what i(?:'m| am| was)? (?:want|wanted|looking for|need|meant)|my (?:style|thing"
    r"|taste|cup of tea)|for me)\b",
    r"^\W*(?:no|nope|nah)(?:,? thanks?| thank you)?\W*$",
    r"\b(?:remove|hide|drop|skip|lose|discard) (?:that|this|it|them|these|those|the (?:first|second|third"
    r"|fourth|fifth|last)(?: one)?)\b",
    r"\b(?:already have|i own|i've got) (?:it|this|that|one of (?:those|these)|the (?:first|second|third"
    r"|last)(?: one)?)\b",
)
MORE = _pattern(
    r"\b(?:show|see|give|find|recommend|suggest|any|some|got|have|list) (?:me )?(?:a few |some |any "
    r"|anything )?(?:more|others?|other (?:ones|options|products|choices|results|ideas)"
    r"|else)\b(?! (?:about|details?|info|expensive|on))",
    r"^\W*(?:more|next|others?|something else|anything else|what else|other options|more options"
    r"|more please|next page|keep going)\W*$",
    r"\b(?:something|anything) (?:else|different)\b|\bwhat else (?:do you have|have you got|is there)\b",
    r"\bother (?:options|ones|choices|suggestions|products|ideas)\b|\bmore (?:options|choices|suggestions"
    r"|results|products|ideas)\b",
)
RECOMMEND = _pattern(
    r"\b(?:recommend|suggest|pick|choose) (?:me )?(?:something|anything|a product|products"
    r"|some things)(?: (?:nice|good|new))?(?: (?:for|to) me)?\W*$",
    r"\bwhat (?:would|do|can|could|should) (?:you|i) (?:recommend|suggest|like|buy)(?: (?:to|for) me)?\W*$",
    r"\b(?:surprise|inspire) me\b",
    r"\b(?:anything|something|products?|things?|recommendations?|suggestions?|picks) (?:just "
    r"|specially )?for me\b",
    r"\b(?:based on|given|from|considering) (?:my|what i(?:'ve| have)?) (?:history|taste|tastes|past"
    r"|previous|purchases|orders|likes?|bought|liked)",
    r"\bwhat(?:'s| is) (?:new|good|hot|popular|trending)(?: (?:today|here|for me|right now|now"
    r"|these days))?\W*$",
    r"^\W*(?:any )?(?:recommendations?|suggestions?|ideas)(?: please)?\W*$",
    r"\bmight i like\b|\bwould i like\b|\byou know (?:my taste|what i like)\b",
)
HELP = _pattern(
    r"^\W*(?:help|help me|\?+)\W*$",
    r"\bwhat can (?:you|i) (?:do|ask|say)\b|\bhow (?:does this|do you) work\b|\bhow (?:do|can) i (?:use"
    r"|talk to|ask) (?:this|you)\b",
    r"\bwho are you\b|\bare you (?:a )?(?:bot|robot|human|real|ai|person|machine)\b|\bwhat are you\b",
)
SMALL_TALK = _pattern(
    r"^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|howdy)\b(?: there| aisle"
    r"| everyone| again)*\W*$",
    r"^\W*(?:(?:hi|hello|hey)\W+)?how (?:are|'s|is) (?:you|it going|things|everything|your day|life)\b.*$",
    r"^\W*how have you been\b.*$|^\W*(?:(?:hi|hello|hey)\W+)?what'?s up\W*$|^\W*nice to meet you\W*$",
    r"^\W*(?:ok(?:ay)?|alright|great|cool|nice|super|perfect|awesome)?[,!. ]*(?:thanks?|thank you|thx"
    r"|cheers|much appreciated)\b(?: (?:so|very) much| a lot| for [^.?!]{1,60}| you)*\W*$",
    r"^\W*(?:(?:ok|okay|cool|nice|great|wow|haha|lol|good|alright|i see|got it|awesome)\W*)+$",
    r"^\W*(?:you're|you are) (?:great|awesome|helpful|funny|the best|welcome|cute|nice|smart|stupid"
    r"|useless)\b.*$",
)
GOODBYE = _pattern(
    r"^\W*(?:(?:ok(?:ay)?|alright|great|perfect|cool|no|nope|well|thanks?|thank you|thx|cheers"
    r"|(?:so|very) much|a lot|then|and)\b\W*)*"
    r"(?:(?:good)?bye(?: bye)?|see (?:you|ya)|good night|have a (?:nice|good|great) \w+(?: \w+)?"
    r"|that(?:'s| is| was| will be|'ll be) (?:all|everything)|that(?:'s| is) it(?= for\b|\W*(?:$|thank))"
    r"|nothing (?:else|more)"
    r"|i(?:'m| am) (?:all )?(?:done|finished|set|good)|we(?:'re| are) (?:all )?(?:done|finished|set))\b"
    r"(?:\W+(?:for (?:now|today|me|your help)|i need(?:ed)?|then|now|thanks?|thank you|thx|bye|goodbye|later"
    r"|soon|tomorrow|again|so much|very much|a lot))*\W*$",
)
""" "Thanks, that's all", "I'm done, bye": nothing more is wanted."""
OUT_OF_SCOPE = _pattern(
    r"\b(?:weather|forecast|football score|stock (?:market|price)|politic\w*|president|prime minister"
    r"|election|news today|horoscope|lottery)\b",
    r"\b(?:write|compose|draft) (?:me )?(?:a|an|some|my) (?:\w+ )?(?:poem|essay|story|song|code|program"
    r"|script|function|email|letter|haiku|novel|report|homework)\b",
    r"\b(?:tell|give) me a (?:joke|story|riddle|fun fact)\b|\bsing (?:me )?a song\b",
    r"\b(?:translate|what(?:'s| is) the capital of|who (?:won|is the|was the|wrote|invented|discovered)"
    r"|when was .{1,40} (?:born|founded|built)|how old is .{1,30}(?:president|queen|king|actor))\b",
    r"^\W*(?:what(?:'s| is)|calculate|solve|compute) \d+ ?[-+*/x^] ?\d+",
    r"\b(?:meaning of life|prove that|solve (?:this|the) equation|python (?:code|script|function)|hack"
    r"|bitcoin|crypto(?:currency)?)\b",
    r"\b(?:book|reserve) (?:me )?(?:a|an) (?:flight|hotel|table|taxi|doctor)\b|\border (?:me )?a pizza\b",
    r"\b(?:diagnos\w*|my symptoms|legal advice|lawsuit|sue (?:my|them|him|her)|tax return"
    r"|invest(?:ment)? advice)\b",
)
LIKE_THIS = re.compile(
    r"(?<!\bpeople )(?<!\bbuyers )(?<!\bcustomers )(?<!\bowners )(?<!\busers )(?<!\banyone )(?<!\banybody )"
    r"(?<!\bi )(?<!\bi really )(?<!\bdon't )(?<!\bdont )(?<!\bdo not )(?<!\bnot )(?<!\bi'd )(?<!\bwould )"
    r"\b(?:more |something |anything |one |ones |other (?:ones|things) |others )?(?:just |exactly |a bit "
    r"|very )?"
    r"(?:like|similar to|along the lines of|in the style of|resembling|comparable to)\s+(?=the\b|this\b"
    r"|that\b|it\b|these\b|those\b|number\b|#|p\d)",
    _I,
)
LESS_LIKE = re.compile(
    r"\b(?:less|not|nothing|unlike|rather than)\s+(?:like|similar to)?\s*(?=the\b|this\b|that\b|these\b"
    r"|those\b|number\b|#)",
    _I,
)
CORRECTION = re.compile(
    r"(?:^|[\s,.;-])(?:no,? wait|wait,? no|scratch that|strike that|correction"
    r"|(?:no,? )?sorry,? (?:i mean(?:t)?|make (?:it|that))|sorry"
    r"|i mean(?:t)?|or rather|actually,? (?:no|make (?:it|that)|let's (?:say|make it))|no,? (?:actually"
    r"|make (?:it|that))|hold on|hang on"
    r"|on second thought?s?|make (?:it|that)|let's (?:say|make it)|change (?:it|that) to|no,? i mean"
    r"|wait)\b[,:]?",
    _I,
)
ASKING = _pattern(
    r"\b(?:i(?:'m| am) (?:looking|searching|shopping|hunting|after) ?(?:for)?|looking for|searching for"
    r"|in the market for|on the lookout for)\b",
    r"\b(?:i(?:'d| would)? (?:need|want|like|love)|i (?:also )?(?:need|want)|we need|we want|get me"
    r"|find me|show me|give me|search (?:for )?|do you (?:have|sell|carry|stock)"
    r"|have you got|is there|are there|got any|any chance of|can you (?:find|show|recommend|suggest|get)"
    r"|could you (?:find|show|recommend|suggest)|recommend|suggest|what about"
    r"|how about|let's (?:see|look at)|where can i (?:find|get|buy))\b",
)
CAN_I = re.compile(
    r"^\W*(?:(?:and|so|but|also|just|hi|hello|hey|ok|okay|wondering)\W+)*"
    r"(?:can|could|may|do|does|will|would|is|are|how|what|when|where|who)\b",
    _I,
)
""" "Can I send things back": a question, whatever words of the shop stand in it."""
NEXT_TOPIC = _pattern(r"\b(?:now|next|also|another thing|besides that|on to|moving on|as well|too)\b")
GIFT = _pattern(
    r"\bgifts?\b(?![- ]?(?:wrap|card))|\bpresents?\b(?! me)|\bbirthday\b|\bchristmas\b|\banniversary\b",
    r"\bfor (?:my|his|her|their|our|a|the) (?:\w+ )?(?:mom|mum|mother|dad|father|son|daughter|wife"
    r"|husband|girlfriend|boyfriend|partner|sister|brother|friend|boss|colleague|coworker"
    r"|nephew|niece|uncle|aunt|grandma|grandpa|grandmother|grandfather|granddaughter|grandson|kids?|child"
    r"|children|baby|teacher|neighbou?r|fianc[eé]e?|cousin|in-laws|roommate|parents)\b",
    r"\bmy (?:mom|mum|mother|dad|father|son|daughter|wife|husband|girlfriend|boyfriend|partner|sister|brother"
    r"|friend|boss|grandma|grandpa|niece|nephew) (?:wants|needs|is looking for|would like)\b",
    r"\bfor someone (?:else|who|special)\b|\bfor (?:him|her|them)\b",
)
FOR_ME = _pattern(
    r"\b(?:it's|this is|that's|now|actually) for me\b|\bfor myself\b|\bnot (?:a|for) (?:a )?(?:gift"
    r"|present)\b|\bno longer a gift\b|\bback to me\b"
)
INDIFFERENT = _pattern(
    r"^\W*(?:i )?(?:don't|do not|dont|doesn't|does not) (?:really )?(?:care|mind|matter|know|have (?:a"
    r"|any) preference)\b.*$",
    r"^\W*(?:it )?(?:doesn't matter|does not matter|no preference|no preferences|whatever"
    r"|anything(?: is fine| goes| works(?: for me)?)?|any(?: of them)?|either|either one|all of them"
    r"|surprise me|you (?:choose|decide|pick)|not (?:important|required|sure|really)|i'm (?:easy|open"
    r"|flexible|not sure|not fussy)|no idea|skip|skip (?:it|that|this)|none)\W*$",
    r"\b(?:any|whichever) (?:one )?(?:is|will|would|works?|are) (?:fine|ok|okay|good|do|for me)\b",
)
SIMPLE: tuple[tuple[Act, re.Pattern[str]], ...] = (
    (Act.UNDO, UNDO),
    (Act.START_OVER, START_OVER),
    (Act.HELP, HELP),
    (Act.SMALL_TALK, GOODBYE),
    (Act.SMALL_TALK, SMALL_TALK),
    (Act.ACCEPT, SHOW_CART),
    (Act.ACCEPT, OUT_OF_CART),
)
"""Acts that the wording alone decides, whatever was said before."""

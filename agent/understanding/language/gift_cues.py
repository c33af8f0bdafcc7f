"""Words around a gift: that it is one, who gives it together, what the recipient has plenty of, and what they like."""

from __future__ import annotations

import re

GIFT = re.compile(
    r"\b(?:gifts?|presents?|birthday|b-?days?|christmas|xmas|ann?ivers\w*|wedding|for (?:her|him|them)|surprise"
    r"|buy(?:ing)? (?:her|him)|secret santa|stocking fillers?|leaving (?:do|party|present)|farewell|retire?ments?|retiring"
    r"|house[- ]?warming|thank[- ]?you (?:for|to) (?:my|our|the|a|his|her)|valentine'?s?|(?:mother|father)'?s['’]? day"
    r"|baby shower|christening|hen (?:do|night|party)|engagement (?:party|do))\b",
    re.I,
)
_MANY = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|a dozen|several)"
GIVERS = re.compile(
    rf"\b(?:{_MANY}|a few|some)(?: of us| people| colleagues| friends)?(?: are| who are| all)? "
    r"(?:chipping|clubbing|pitching|putting|going|throwing) in\b"
    rf"|\bthere(?:['’]s| are| is) {_MANY} of them\b",
    re.I,
)
"""How many give it together, or get one each: neither an age nor for how many a thing is."""
CARD = re.compile(r"\b(?:cards?|vouchers?|certificates?|tokens?|codes?|e-?gifts?|wrapp?ing)\b", re.I)
"""Asks for what only goes with a gift, or stands for one."""
_HAVING = r"(?:has|have|had|got|owns?|gets|gave|given)"
_MANY_OF = (
    r"(?:(?:more than )?enough|plenty(?: of)?|(?:far |way )?too many|so many"
    r"|(?:all|every)(?: (?:the|single|possible|kind of))?"
    r"|(?:loads|lots|tons|heaps|dozens|hundreds|shelves|drawers|piles|a lot) of"
    r"|an? (?:[a-z]+ )?(?:zoo|ton|zillion|million|pile|drawer|drawerful|shelf|cupboard|house|room|bed|collection|wardrobe|"
    r"lifetime|mountain)(?: full)? of|an? (?:zillion|million|hundred|thousand))"
)
_X = r"(?P<{0}>(?:[a-z-]+ ){{0,2}}?[a-z-]{{3,}})"
_END = r"(?=\W*$|\s*[,.;:!?]|\s+(?:already|though|tho|as|and|so|but|now|anyway|by|from|at|in|under|please|thanks?)\b)"
PLENTY = re.compile(
    rf"\b{_HAVING}(?: already| got)* {_MANY_OF} {_X.format('had')}{_END}"
    rf"|(?:^|[,.;!?]\s*){_X.format('before')},? (?:he|she|they)(?: already)? {_HAVING} "
    r"(?:already )?(?:enough|plenty|too many|loads|lots)\b"
    rf"|\b(?:not|no)(?: (?:yet|just))? another {_X.format('another')}{_END}",
    re.I,
)
"""What somebody has plenty of, and wants no more of: "books she has already too many", "he owns every tool"."""
_LIKED = (
    r"(?P<liked>(?:(?!(?:it|him|her|that|when|how|and then)\b)[a-z-]+ ){0,3}?[a-z-]{3,}"
    r"(?:(?:,| and| or) [a-z-]{3,}){0,2})"
)
LIKES = re.compile(
    r"(?:\b(?:crazy|mad|nuts|potty|bonkers|obsessed|passionate|wild|daft) (?:about|with|for)"
    r"|\b(?:(?:he|she|who|they)(?: really| absolutely| just| also| both| used to)*|[a-z]+ (?:really|absolutely|just))"
    r" (?:loves?|adores?|enjoys?|likes?|collects?)"
    r"|\b(?:loves?|adores?) anything with|\bwho loves? (?:to )?|\blives? (?:for|on)|\bcollects?"
    r"|\b(?:is|are|['’]s|really) into"
    r"|\b(?:huge|big|keen|massive|great) fans? of|\beverywhere on)"
    rf" ?(?:(?:to|the|a|an|his|her|their|all|all things|anything with|anything about|everything about|good) )*{_LIKED}"
    r"(?=\W*$|\s*[,.;:!?]|\s+(?:and|but|so|which|that|who|i|we|for|in|on|at|or|max|under|too|very|with|a lot)\b)",
    re.I,
)
"""What somebody who is told of likes."""

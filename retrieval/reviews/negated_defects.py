"""A defect denied is praise: "the zip never jams", "no hiss at all", "nothing rubs".

Sentence models that learn from films and ratings see such sentences seldom and read the defect alone.
"""

from __future__ import annotations

import re

from retrieval.reviews.waiting_times import waiting_score

DENIED_SCORE = 0.6
"""What a clause that denies a defect, and says nothing else the model likes better, counts: clear praise."""

_LONGEST = 14  # words; a longer clause says other things, too

_DEFECTS = (
    r"(?:catch(?:es)?|jam(?:s|med)?|slip(?:s|ped|page)?|drops?|drop-?outs?|leak(?:s|ed|age)?|hiss(?:es|ing)?|"
    r"rub(?:s|bed)?|chafe[sd]?|pinch(?:es|ed)?|wobbl(?:e|es|ed|ing)|rattl(?:e|es|ed|ing)|squeak(?:s|ing)?|"
    r"squeals?|creaks?|crash(?:es|ed)?|freez(?:e|es|ing)|froze|fad(?:e|es|ed|ing)|clogs?|clogged|"
    r"irritat(?:e|es|ed|ion)|itch(?:es|ed|y)?|shrinks?|shrank|shrunk|shrinkage|stains?|overheat(?:s|ed|ing)?|"
    r"rusts?|rusted|peel(?:s|ed|ing)?|crack(?:s|ed)?|stick(?:s|y)?|lag(?:s|ged|ging)?|stutter(?:s|ing)?|"
    r"buzz(?:es|ing)?|static|distort(?:s|ed|ion)?|skip(?:s|ped|ping)?|tips? over|falls? apart|come loose|"
    r"blur(?:s|ry)?|glare|fray(?:s|ed|ing)?|pill(?:s|ing)?|scratch(?:es|ed)?|smudg(?:e|es|ed)|digs? in|"
    r"greas[ey]|residue|(?:chemical|plastic|bad|weird|strange|funny|unpleasant) (?:smell|odou?r|taste)s?)"
)
_DENIED = re.compile(
    r"\b(?:never|no|nothing|not|(?:do|does|did|has|have|is|was|would|will|wo|ca|can)n['\u2019]t|cannot|without|"
    r"zero) (?:(?:ever|once|even|any|one|a|an|single|been|have|has|had|more|yet|come|get|got|going to) )*"
    + _DEFECTS
    + r"\b(?! (?:up|on to|onto|out|with|to|by|my|me|packed|wrapped|figure|it|them)\b)"
    + r"|\b(?:needs?|requires?) no \w"
    r"|\b(?:hardly|barely|scarcely) (?:feel|felt|notice|noticed) (?:the|its|any) "
    r"(?:weight|noise|smell|bumps?|vibrations?|heat|seams?)\b",
    re.IGNORECASE,
)
_TURNED = re.compile(r"\b(?:yet|until|till|if|unless|wish|should|supposed|could)\b", re.IGNORECASE)


def denies_defect(clause: str) -> bool:
    """Whether the clause says that something bad does not happen; conditions and wishes say nothing."""
    if len(clause.split()) > _LONGEST:
        return False
    return bool(_DENIED.search(clause)) and not _TURNED.search(clause)


def corrected(clause: str, score: float) -> float:
    """The clause's signed score in [-1, 1]; that of a denied defect is at least ``DENIED_SCORE``, and a told
    waiting time says by itself which side it takes.
    """
    waited = waiting_score(clause)
    if waited is not None:
        return max(score, waited) if waited > 0 else min(score, waited)
    return max(score, DENIED_SCORE) if denies_defect(clause) else score

"""Words that carry no fact about a product: a reply may use them without evidence. Everything else needs
some.
"""

from __future__ import annotations

from functools import lru_cache

_TEXT = """
a about above according across actually add added adding after again against ahead all almost along already
also although always am among an and another answer any anyone anything apart are area around as aside ask
asked asking at away back based basis be because been before begin being below beside besides better between
beyond bit both bring browse budget but buy buyer buyers buying by call came can card cards care carry
category check checked choice choices choose chosen clearly close closely closer closest come comes comment
comments compare compared comparing comparison compares consider considered considering could criteria
currently customer customers day decide depending describe described description desire detail details did
differ difference different directly do does doing done down each earlier easily either else end enjoy
enough especially even ever every everyone everything exactly example explore far feature features feel few
fewer filter filters final find finding fine first fit fits fitting focus follow following follows for found
four from fully further gave general generally get gets getting gift give given gives giving glad go goes
going good got great greatest had happy has have having he hear hello help helpful helps her here hers hi
high higher highest highlight him his hold hope how however i idea ideal if in include included includes
including information instead interest interested interesting into is it item items its itself just keep
kind know known last later least less let letting like liked likes likely list listed listing look looking
looks lot low lower lowest made mainly make makes making many match matched matches matching may maybe me
mean means meet meets mention mentioned mentions might mind more most much must my name named narrow near
need needed needs never next nice no none nor not note nothing now of off offer offered offers offering
often on once one ones only open opinion opinions option options or order other others our out over overall
own page pair particular particularly people per perfect perhaps person pick picked picks piece place please
plus point possible potential pretty prefer preference preferences preferred price priced prices probably
product products provide provided provides purchase question questions quite range rank ranked ranking rate
rated rather rating ratings read really reason reasonable reasons received recommend recommendation
recommendations recommended refer refine regarding relevant remember request requested requirement
requirements result results review reviewed reviewer reviewers reviews right said same satisfy satisfies saw
say saying says search searched second see seem seems seen select selected selection sense several shall she
shop shoppers shopping shops should show showing shown shows similar simple simply since so some
someone something sorry sort sounds specific specifically specified star stars start stated still style such
suggest suggested suggestion suggestions suit suitable suited suits sure take taken talk tell tells than
thank thanks that the their them themselves then there these they thing things think third this those though
three through title to together told too top total toward try trying turn two type under understand
unfortunately until up us use used user users using usually value values variety various very view want
wanted wants was way ways we well were what whatever when where whether which while who whole whom whose why
will wish with within without wonderful work worth would write written wrote yes yet you your yours yourself
am're aren couldn didn doesn don hadn hasn haven isn ll re shouldn ve wasn weren won wouldn let's s t d m
currency dollar dollars euro euros pound pounds cost costs costing cheap cheaper cheapest affordable
expensive recommending best
"""


@lru_cache(maxsize=1)
def glue_stems() -> frozenset[str]:
    """The stems of the words above, as `agent.checks.claims` compares them."""
    from agent.checks.claims import stem

    return frozenset(stem(word) for word in _TEXT.split())

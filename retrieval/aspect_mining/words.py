"""Closed word lists that stand in for a part-of-speech tagger when aspects are mined. English, lower case."""

from __future__ import annotations

from retrieval.text.word_set import word_set

DETERMINERS = word_set(
    "the a an this that these those my your his her its our their no any some every each such other "
    "another which what more most less much many few both all"
)
PREPOSITIONS = word_set(
    "of in on at by for with from to into onto about over under between through during without within "
    "against across behind beyond like than as per via near along off out up down around after before "
    "until since upon despite except besides inside outside toward towards"
)
NOUN_PREPOSITIONS = word_set("of with for in on from without about despite into")
"""Prepositions that nouns follow without an article; "than expected" and "as promised" are no nouns."""
SETTING_PREPOSITIONS = word_set(
    "in on at to until till from into onto through during under after before between across against near "
    "inside outside within around over past since toward towards by like than as"
)
"""What stands before a time or a place."""
FUNCTION_WORDS = (
    DETERMINERS
    | PREPOSITIONS
    | word_set(
        "i me you he him she it we us they them myself yourself itself himself herself themselves "
        "ourselves mine yours hers ours theirs who whom whose where when why how there here and or "
        "but nor so yet if unless because while although though whereas whether then else is are was "
        "were be been being am isn't aren't wasn't weren't do does did done doing don't doesn't "
        "didn't have has had having haven't hasn't hadn't can could will would shall should may might "
        "must can't cannot couldn't won't wouldn't shouldn't not never ever always often sometimes "
        "rarely seldom usually just only also too very really quite rather pretty even still already "
        "again almost enough maybe perhaps however therefore thus hence instead otherwise anyway yes "
        "ok okay well now today yesterday tomorrow soon later once twice first second third last next "
        "one two three four five six seven eight nine ten hundred thousand dozen half several "
        "anything everything nothing something someone everyone anyone nobody everybody anybody "
        "somebody nowhere anywhere everywhere somewhere i'm i've i'd i'll it's that's there's you're "
        "you'll you've they're they've he's she's we're we've what's let's ain't gonna wanna gotta "
        "etc ie eg vs own same ago away back together apart else far long longer little bit least "
        "alone able due via especially including further furthermore moreover whatever whichever "
        "whoever wherever whenever elsewhere throughout whatsoever either "
        "plus minus oh wow hey hi hello please nt n't s t re ve ll d m don "
        "isn doesn didn wasn couldn wouldn won haven hasn aren hadn shouldn weren cant dont im ive id "
        "didnt doesnt isnt wont wasnt couldnt thats theres youre www com http https cuz cause coz em u ur lol"
    )
)
OPINION_ADJECTIVES = word_set(
    "good great excellent amazing awesome fantastic wonderful superb perfect outstanding brilliant "
    "terrific fabulous incredible impressive nice fine decent solid sturdy durable reliable beautiful "
    "gorgeous lovely pretty cute stylish sleek elegant attractive fun cool sweet happy pleased "
    "satisfied glad impressed love best better favorite favourite superior stunning phenomenal "
    "exceptional magnificent marvelous delightful comfortable convenient handy useful helpful "
    "friendly easy easier easiest simple intuitive quick quicker fast faster fastest rapid smooth "
    "smoother quiet quieter loud louder bright brighter clear clearer crisp crisper sharp sharper "
    "clean vivid rich strong stronger powerful efficient effective accurate precise responsive "
    "flexible versatile light lightweight compact portable small smaller smallest tiny large larger "
    "big bigger huge thin thinner thick slim heavy heavier bulky wide narrow high higher low lower "
    "short shorter tall cheap cheaper cheapest inexpensive expensive affordable reasonable overpriced "
    "pricey worth worthy bad worse worst poor terrible horrible awful lousy crappy crap junk useless "
    "worthless disappointing disappointed disappointment annoying annoyed frustrating frustrated "
    "irritating defective broken faulty flawed damaged dead slow slower sluggish weak weaker flimsy "
    "fragile cheesy ugly dull dim dark blurry fuzzy grainy noisy hard harder difficult complicated "
    "confusing confused tricky tedious awkward clumsy uncomfortable inconvenient unreliable "
    "inaccurate unacceptable ridiculous stupid silly mediocre average ok okay so-so lacking limited "
    "missing wrong inferior unhappy unsatisfied upset angry sad sorry rude helpless real true right "
    "full new newer old older original standard extra additional overall main major minor only whole "
    "entire different similar various certain particular specific important special available basic "
    "advanced classic modern soft warm hot cold dry wet fresh tight loose plastic metal digital total "
    "free boring catchy memorable"
)
VERBS = word_set(
    "be have do say said says get gets got getting gotten make makes made making go goes went gone "
    "going know knows knew known take takes took taken taking see sees saw seen seeing come comes "
    "came coming think thinks thought thinking want wants wanted wanting give gives gave given giving "
    "find finds found finding tell tells told telling ask asks asked asking seem seems seemed feel "
    "feels felt try tries tried trying leave leaves left leaving call calls called keep keeps kept "
    "keeping let lets begin begins began begun start starts started starting help helps helped show "
    "shows showed shown hear heard hearing play plays played run runs ran running move moves moved "
    "live lives lived believe believed bring brings brought happen happens happened write wrote "
    "written provide provides provided sit sits stand stands lose loses lost losing pay pays paid "
    "paying meet meets include includes included continue continues continued set sets learn learned "
    "change changed lead understand understood watch watched watching follow followed stop stops "
    "stopped create created speak spoke read spend spent grow open opens opened walk win offer offers "
    "offered remember love loves loved consider considered appear appears appeared buy buys bought "
    "buying wait waited waiting serve die died send sends sent expect expected build built stay stays "
    "stayed fall falls fell cut reach kill remain remains suggest suggested raise pass sell sells "
    "sold require requires required report decide decided pull pulled return returned returning "
    "returns use uses used using need needs needed work works worked working look looks looked "
    "looking like likes liked hate hates hated enjoy enjoys enjoyed enjoying recommend recommends "
    "recommended purchase purchased purchasing order ordered receive received arrive arrived arrives "
    "ship shipped turn turns turned put puts putting plug plugged carry carried carrying hold holds "
    "held fit fits fitted break breaks broke broken charge charged charges replace replaced owned own "
    "owns listen listened listening connect connected connects compare compared complain complained "
    "mention mentioned wish wished hope hoped hoping agree guess suppose supposed wonder realize "
    "realized notice noticed care come went save saved add adds added allow allows allowed become "
    "becomes became check checked fix fixed install installed installing remove removed press pressed "
    "push pushed click clicked hit hits download downloaded upgrade upgraded wear wears wore worn "
    "last lasts lasted lacks lack sounds sounded fail fails failed handle handles handled throw drop drops "
    "dropped pick picked finish finished store stored transfer transferred sync figure figured "
    "contact contacted fly deal miss missed admit cost costs review reviewed rate rated upset talk "
    "talking talked worry trying sing sings sang sung singing record recorded produced based filled "
    "makes featuring features"
)
"""Verb forms; a word that the corpus also uses as a noun ("the use", "the features") is judged by its
contexts.
"""
GENERIC_NOUNS = word_set(
    "time times day days week weeks month months year years hour hours minute minutes second seconds "
    "moment while morning night today thing things stuff way ways lot lots bit kind kinds sort type "
    "types people person guy guys man men woman women wife husband son daughter kid kids child "
    "children friend friends mom dad mother father brother sister family everyone someone everybody "
    "anyone nobody problem problems issue issues reason reasons fact facts point points case cases "
    "part parts side end top bottom middle rest place places number numbers amount couple pair "
    "example examples idea ideas opinion opinions mind hand hands eye eyes life world home house room "
    "store stores review reviews reviewer reviewers star stars customer customers buyer buyers user "
    "users owner owners amazon ebay complaint complaints comment comments question questions answer "
    "answers word words line lines difference experience experiences experience course chance matter "
    "sense fan fans christmas birthday gift present january february march april june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday job "
    "work trip pros cons pro con plus downside upside thanks thank luck shame pity joke hassle pain "
    "waste trouble hope wish love hate need try luck fun bother manufacturer competition world "
    "country state city area level everything nothing anything something none beginning start finish "
    "future past group bunch set sets piece pieces bonus winner surprise exception choice "
    "disappointment treat must masterpiece gem stinker beauty beast dream nightmare stranger"
)

VERB_LEFT = word_set(
    "to i you he she it we they can could will would should may might must don't doesn't didn't can't cannot "
    "won't wouldn't shouldn't not never please let"
)
"""What stands before a verb."""

JUDGING_WORDS = (
    OPINION_ADJECTIVES
    | word_set(
        "love loves loved like likes liked hate hates hated enjoy enjoyed recommend recommended problem "
        "problems "
        "issue issues complaint complaints trouble disappointed works worked broke breaks break failed "
        "fails fail "
        "died crashes crash freezes perfectly beautifully easily well greatly nicely poorly badly joy "
        "breeze pain "
        "lacks lack sucks suck beats rocks stopped unfortunately horribly flawlessly quickly simply "
        "superbly clearly too enough hardly barely never lasts lasted right just not no nothing"
    )
) - word_set(
    "other new newer old older same full only whole entire different similar various certain particular "
    "main major "
    "minor original standard extra additional overall total real basic digital plastic metal important "
    "special "
    "available free average true"
)
"""Words near which a noun is being judged, in a frequent enough case."""

IMPLYING_VERBS = word_set("arrived shipped ship delivered packed built fit fits fitted cost costs")
"""Verbs that speak of a general aspect wherever they stand."""

PREDICATING = word_set(
    "is are was were be been it's they're that's isn't aren't wasn't too very so quite pretty really rather "
    "little bit "
    "more feels feel looks seems seemed runs run not super extremely and as sized"
)
"""What stands before an adjective that says something of the product ("is too small",
not "a small problem").
"""

OVERALL = "overall"
"""The aspect that is the product as a whole."""
_GENERAL = {
    "price": (
        "price, prices, pricing, priced, cost, value, value for money, money, bargain, deal, "
        "cheap price, expensive, inexpensive, overpriced, pricey, affordable, bang for the buck, "
        "worth the money, waste of money, rip off, price tag, price point"
    ),
    "quality": (
        "quality, build quality, construction, workmanship, craftsmanship, durability, durable, "
        "well made, poorly made, built, sturdy, flimsy, reliability, reliable, material, "
        "materials, build, cheaply made, fell apart, solidly built"
    ),
    "delivery": (
        "delivery, shipping, shipment, shipped, packaging, package, arrived, delivered, arrival, "
        "postage, courier, ship time, packed, box, late delivery"
    ),
    "size": (
        "size, sizes, sized, sizing, fit, fits, dimension, dimensions, small, smaller, large, "
        "larger, big, bigger, huge, tiny, bulky, compact, roomy, runs small, runs large, true to "
        "size, too tight, too loose, too long, too short, height, width, length"
    ),
    "service": (
        "service, customer service, customer support, tech support, technical support, support, "
        "seller, vendor, warranty, refund, customer care, return policy, staff, rep, "
        "representative, helpdesk"
    ),
    "ease of use": (
        "ease of use, easy to use, user friendly, hard to use, difficult to use, simple to use, "
        "easy to set up, easy to install, easy to operate, easy to learn, usability, learning "
        "curve, intuitive, set up, setup, installation"
    ),
    "look": (
        "look, looks, design, appearance, style, stylish, styling, sleek, beautiful, ugly, "
        "gorgeous, aesthetics"
    ),
    OVERALL: ("product, item, unit, device, purchase"),
}
GENERAL_ASPECTS = {name: tuple(terms.split(", ")) for name, terms in _GENERAL.items()}
"""Aspects of every category, with the terms that name or imply them; mined terms join them by meaning."""

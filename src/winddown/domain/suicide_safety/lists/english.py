"""English."""

from __future__ import annotations

from winddown.domain.suicide_safety.lists.phrase import Phrase, WordList, everyday

_HARM = (
    Phrase(r"suicid(?:e|al|ality|es)", "I keep thinking about suicide"),
    Phrase(r"kill(?:ing)? (?:my ?self|me ?self)", "I could kill myself"),
    Phrase(r"(?:end|ending|take|taking) (?:my|my own) life", "I am going to end my life"),
    Phrase(r"end(?:ing)? it all", "I want to end it all"),
    Phrase(
        r"(?:want|wanted|wanna|wish|hope|ready|going|rather|prefer) (?:to )?(?:die|be dead|be gone forever|never wake up|not wake up)",
        "I want to die",
    ),
    Phrase(r"wish (?:that )?i (?:was|were) (?:dead|never born)", "I wish I was dead"),
    Phrase(r"better off (?:dead|without me|if i (?:was|were) (?:dead|gone))", "They would be better off without me"),
    Phrase(
        r"(?:do not|dont|didnt|no longer|never) (?:really )?want to (?:live|be alive|be here|wake up|exist|go on living)",
        "I don't want to live",
        own_negation=True,
    ),
    Phrase(r"(?:do not|dont) care if i (?:live|die|wake up)", "I don't care if I wake up", own_negation=True),
    Phrase(
        r"(?:no|not any|nothing|isnt any) (?:reason|point|sense)?(?: left)? ?(?:to|in|for) (?:live|living) ?(?:for)?",
        "There is no reason to live",
        own_negation=True,
    ),
    Phrase(r"(?:not|isnt) worth living", "Life is not worth living", own_negation=True),
    Phrase(
        r"(?:hurt|hurting|harm|harming|cut|cutting|hang|hanging|shoot|shooting|drown|drowning|poison|poisoning) my ?self",
        "I keep hurting myself",
    ),
    Phrase(r"self ?harm(?:ing|ed)?|self ?injur(?:y|ing|ed)", "The self-harm is back"),
    Phrase(r"(?:slit|cut) my wrists?", "I cut my wrists"),
    Phrase(r"overdos(?:e|ed|ing)", "I thought about an overdose"),
    Phrase(
        r"(?:take|taking|took|swallow|swallowed) (?:all|every one) (?:of )?(?:my|the|these) (?:pills|tablets|meds|medication|medicine)",
        "I took all my pills",
    ),
    Phrase(r"jump(?:ing)? (?:off|from) (?:a|the) (?:bridge|roof|building|window|balcony)", "I could jump off the bridge"),
    Phrase(
        r"(?:cant|cannot|can not) (?:go on|live like this|keep living)(?: any ?more)?", "I can't go on", level="read", own_negation=True
    ),
    Phrase(r"(?:cant|cannot|can not) (?:take|do) (?:it|this) any ?more", "I can't take this anymore", level="read", own_negation=True),
    Phrase(
        r"(?:giving away my things|say(?:ing)? goodbye to everyone|a burden to (?:everyone|everybody|my family))",
        "I am a burden to my family",
        level="read",
    ),
    Phrase(r"(?:hopeless|no hope left)", "I feel hopeless", level="read", own_negation=True),
)
_OTHER = (
    Phrase(
        r"(?:cant|cannot|can not|hard to|struggl(?:e|ing) to|unable to) (?:breathe|catch my breath|get (?:any |enough )?air)"
        r"|(?:trouble|difficulty|problems) breathing|short(?:ness)? of breath|gasping|i am choking|im choking",
        "I have trouble breathing",
        "breath",
        own_negation=True,
    ),
    Phrase(
        r"chest (?:pains?|hurts?|is tight|tightness|pressure|feels tight)|(?:pain|pressure|tightness) (?:in|on) (?:my|the) chest",
        "My chest hurts since noon",
        "breath",
    ),
    Phrase(
        r"throat (?:is )?(?:closing|swelling)|(?:tongue|lips|face) (?:is |are )?(?:swelling|swollen|swelled)|swollen (?:tongue|lips|face)",
        "My tongue is swelling",
        "breath",
    ),
    Phrase(
        r"seizures?|convulsions?|passed out|blacked out|faint(?:ed|ing)|unconscious|wont wake up|(?:cant|cannot) wake (?:him|her|them)",
        "He had a seizure",
        "nerves",
    ),
    Phrase(
        r"(?:sudden|worst|thunderclap) (?:\w+ )?headache|(?:cant|cannot|can not) see|lost (?:my )?(?:sight|vision)|slurr(?:ed|ing)"
        r"|face (?:is )?droop(?:ing|s)|very confused|does not know where",
        "The worst headache of my life",
        "nerves",
        own_negation=True,
    ),
    Phrase(
        r"(?:took|taken|swallowed|had) (?:far |way )?too (?:many|much)|(?:double|triple) (?:the |my )?dose",
        "I took too many of the tablets",
        "overdose",
    ),
    Phrase(
        r"(?:he|she|they|husband|wife|partner|boyfriend|girlfriend|father|mother|son|daughter|brother|somebody|someone) (?:has |always )?"
        r"(?:hits|hit|beats|beat|punched|punches|kicked|kicks|choked|chokes|raped|rapes|threatens|threatened|abuses|abused|hurts) me",
        "My partner hit me again",
        "violence",
    ),
    Phrase(
        r"(?:afraid|scared) of my (?:husband|wife|partner|boyfriend|girlfriend|father|mother|son|daughter|brother|caregiver)"
        r"|(?:not|dont feel) safe at home|unsafe at home|being (?:abused|beaten)",
        "I am afraid of my husband",
        "violence",
        own_negation=True,
    ),
    Phrase(
        r"(?:cant|cannot|can not|unable to|not able to|havent been able to) (?:pee|urinate|pass (?:urine|water)|empty my bladder)",
        "I can't pee since this morning",
        "urine",
        own_negation=True,
    ),
    Phrase(
        r"blood (?:is )?(?:in|with) (?:my |the )?(?:urine|pee|wee)|bloody (?:urine|pee)|(?:urine|pee|peeing|urinating) (?:is |was )?"
        r"(?:red|blood|bloody|pink)",
        "There is blood in my urine",
        "blood",
    ),
    Phrase(
        r"(?:leftover|left over|street|extra|more) ketamine|ketamine (?:at home|left at home|left over"
        r"|from (?:a|the) (?:street|friend|dealer))"
        r"|(?:bought|snort(?:ed|ing)?|sniff(?:ed|ing)?|took|using) (?:some )?(?:ketamine|special k)",
        "I have ketamine at home",
        "drug",
    ),
)
ENGLISH = WordList(
    "en",
    "English",
    "2",
    "unverified",
    (*_HARM, *_OTHER),
    everyday(
        "the and i im ive my to of it its for with not but have had are today pain day days night feel feels felt "
        "better worse bad good very this that at after before sleep slept more less again can cant could would do dont "
        "did didnt be you just still little lot all from when or took take last since now went walked got get he she "
        "they what how much please thank thanks hello think because out up want home work morning evening help nothing "
        "some"
    ),
)

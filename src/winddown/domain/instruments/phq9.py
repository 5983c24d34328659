"""PHQ-9. Item 9 is looked at by itself, whatever the total: a total of 3 can hold a wish to be dead."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, License, both, choices
from winddown.domain.instruments.scoring import Sum

SUICIDE_ITEM = "9"
DIFFICULTY = choices(
    (0, "Not difficult at all", "Para nada difícil"),
    (1, "Somewhat difficult", "Un poco difícil"),
    (2, "Very difficult", "Muy difícil"),
    (3, "Extremely difficult", "Extremadamente difícil"),
)
INTRO = both(
    "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
    "Durante las últimas 2 semanas, ¿qué tan seguido le han afectado los siguientes problemas?",
)
INTEREST = Item(
    "1",
    both("Little interest or pleasure in doing things", "Poco interés o placer en hacer las cosas"),
    choices=common.FREQUENCY,
    loinc="44250-9",
)
DOWN = Item(
    "2",
    both("Feeling down, depressed, or hopeless", "Se ha sentido decaído(a), deprimido(a) o sin esperanzas"),
    choices=common.FREQUENCY,
    loinc="44255-8",
)
_REST = (
    (
        "3",
        "Trouble falling or staying asleep, or sleeping too much",
        "Dificultad para dormir o permanecer dormido(a), o ha dormido demasiado",
        "44259-0",
    ),
    ("4", "Feeling tired or having little energy", "Se ha sentido cansado(a) o con poca energía", "44254-1"),
    ("5", "Poor appetite or overeating", "Con poco apetito o ha comido en exceso", "44251-7"),
    (
        "6",
        "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
        "Se ha sentido mal con usted mismo(a), o que es un fracaso o que ha quedado mal con usted mismo(a) o con su familia",
        "44258-2",
    ),
    (
        "7",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Dificultad para concentrarse en cosas tales como leer el periódico o ver la televisión",
        "44252-5",
    ),
    (
        "8",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite: being so fidgety or restless that you have "
        "been moving around a lot more than usual",
        "¿Se ha movido o hablado tan lento que otras personas podrían haberlo notado? O lo contrario: tan inquieto(a) o "
        "agitado(a) que se "
        "ha estado moviendo mucho más de lo normal",
        "44253-3",
    ),
)

PHQ9 = Instrument(
    key="phq-9",
    version="1",
    name=both("PHQ-9: depression", "PHQ-9: depresión"),
    purpose=both("symptoms of depression", "síntomas de depresión"),
    intro=INTRO,
    items=(
        INTEREST,
        DOWN,
        *(Item(key, both(english, spanish), choices=common.FREQUENCY, loinc=loinc) for key, english, spanish, loinc in _REST),
        Item(
            SUICIDE_ITEM,
            both(
                "Thoughts that you would be better off dead or of hurting yourself in some way",
                "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera",
            ),
            choices=common.FREQUENCY,
            loinc="44260-8",
            crisis_from=1,
        ),
        Item(
            "difficulty",
            both(
                "If you checked off any problems, how difficult have these problems made it for you to do your work, "
                "take care of things at "
                "home, or get along with other people?",
                "Si marcó algún problema, ¿qué tan difícil le ha sido, por estos problemas, hacer su trabajo, encargarse "
                "de las tareas del "
                "hogar o llevarse bien con otras personas?",
            ),
            choices=DIFFICULTY,
            loinc="69722-7",
            optional=True,
        ),
    ),
    rule=Sum(tuple("123456789"), may_miss=2),
    low=0,
    high=27,
    license=License("free", "Released by Pfizer without copyright restriction (PFZ10).", "PFZ10"),
    recall=common.LAST_TWO_WEEKS,
    recall_days=14,
    minimum_interval_days=common.every(14, "asks about two weeks: answered sooner, the same days count twice"),
    bands=common.bands(
        "KRO01",
        "published",
        "{score}",
        ("minimal", 0, "minimal", "mínima", "calm"),
        ("mild", 5, "mild", "leve", "calm"),
        ("moderate", 10, "moderate", "moderada", "watch"),
        ("moderately_severe", 15, "moderately severe", "moderadamente grave", "watch"),
        ("severe", 20, "severe", "grave", "watch"),
    ),
    change=Change(
        important=common.points(5, "clinic default, no source text seen", "unverified"),
        reliable=common.points(6, "IAPT21"),
        response_percent=common.percent(50, "MCI22"),
        remission_below=common.points(5, "MCI22"),
        percent_from=common.points(5, "a percent change of a low baseline means little", "derived"),
    ),
    takes_total=True,
    loinc_panel="44249-1",
    loinc_score="44261-6",
    translations=(common.ORIGINAL, common.SPANISH_AS_COMMONLY_PRINTED),
    notes=(
        "Item 9 at 1 or more opens the C-SSRS at once, whatever the total; a missing item 9 is never filled in by proration of the total.",
        "Up to two missing items are filled with the mean of the others (unverified); more, and there is no score.",
        "The question on difficulty is not part of the total.",
    ),
)

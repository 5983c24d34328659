"""PCL-5: trauma symptoms in the last month."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Item, License, both, choices
from winddown.domain.instruments.scoring import Sum

_CHOICES = choices(
    (0, "Not at all", "Nada"),
    (1, "A little bit", "Un poco"),
    (2, "Moderately", "Moderadamente"),
    (3, "Quite a bit", "Bastante"),
    (4, "Extremely", "Extremadamente"),
)
_ITEMS = (
    (
        "Repeated, disturbing, and unwanted memories of the stressful experience?",
        "¿Recuerdos repetidos, perturbadores y no deseados de la experiencia estresante?",
    ),
    ("Repeated, disturbing dreams of the stressful experience?", "¿Sueños repetidos y perturbadores sobre la experiencia estresante?"),
    (
        "Suddenly feeling or acting as if the stressful experience were actually happening again (as if you were "
        "actually back there reliving it)?",
        "¿De pronto sentir o actuar como si la experiencia estresante estuviera ocurriendo otra vez (como si la volviera a vivir)?",
    ),
    (
        "Feeling very upset when something reminded you of the stressful experience?",
        "¿Sentirse muy alterado(a) cuando algo le recordó la experiencia estresante?",
    ),
    (
        "Having strong physical reactions when something reminded you of the stressful experience (for example, heart "
        "pounding, trouble breathing, sweating)?",
        "¿Tener reacciones físicas fuertes cuando algo le recordó la experiencia estresante (por ejemplo, palpitaciones, "
        "dificultad para respirar, sudor)?",
    ),
    (
        "Avoiding memories, thoughts, or feelings related to the stressful experience?",
        "¿Evitar recuerdos, pensamientos o sentimientos relacionados con la experiencia estresante?",
    ),
    (
        "Avoiding external reminders of the stressful experience (for example, people, places, conversations, "
        "activities, objects, or situations)?",
        "¿Evitar cosas que recuerdan la experiencia estresante (por ejemplo, personas, lugares, conversaciones, "
        "actividades, objetos o situaciones)?",
    ),
    (
        "Trouble remembering important parts of the stressful experience?",
        "¿Dificultad para recordar partes importantes de la experiencia estresante?",
    ),
    (
        "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts such "
        "as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is completely "
        "dangerous)?",
        "¿Tener creencias negativas fuertes sobre usted, otras personas o el mundo (por ejemplo, pensar: soy malo(a), "
        "hay algo muy malo en mí, no se puede confiar en nadie, el mundo es totalmente peligroso)?",
    ),
    (
        "Blaming yourself or someone else for the stressful experience or what happened after it?",
        "¿Culparse a usted mismo(a) o a otra persona por la experiencia estresante o por lo que pasó después?",
    ),
    (
        "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
        "¿Tener sentimientos negativos fuertes como miedo, horror, enojo, culpa o vergüenza?",
    ),
    ("Loss of interest in activities that you used to enjoy?", "¿Perder el interés en actividades que antes disfrutaba?"),
    ("Feeling distant or cut off from other people?", "¿Sentirse distante o apartado(a) de los demás?"),
    (
        "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving feelings for "
        "people close to you)?",
        "¿Dificultad para tener sentimientos positivos (por ejemplo, no poder sentir alegría o cariño por las personas cercanas)?",
    ),
    ("Irritable behavior, angry outbursts, or acting aggressively?", "¿Conducta irritable, arranques de enojo o actuar con agresividad?"),
    (
        "Taking too many risks or doing things that could cause you harm?",
        "¿Correr demasiados riesgos o hacer cosas que podrían hacerle daño?",
    ),
    ('Being "superalert" or watchful or on guard?', "¿Estar superalerta, vigilante o en guardia?"),
    ("Feeling jumpy or easily startled?", "¿Sentirse nervioso(a) o sobresaltarse con facilidad?"),
    ("Having difficulty concentrating?", "¿Tener dificultad para concentrarse?"),
    ("Trouble falling or staying asleep?", "¿Dificultad para dormirse o seguir durmiendo?"),
)


def _keys(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


PCL5 = Instrument(
    key="pcl-5",
    version="1",
    name=both("PCL-5: after a stressful experience", "PCL-5: después de una experiencia estresante"),
    purpose=both("symptoms that can follow a very stressful experience", "síntomas que pueden seguir a una experiencia muy estresante"),
    intro=both(
        "Keep your worst stressful experience in mind. In the past month, how much were you bothered by:",
        "Tenga presente su peor experiencia estresante. En el último mes, ¿cuánto le molestó lo siguiente?",
    ),
    items=tuple(Item(str(number), both(*words), choices=_CHOICES) for number, words in enumerate(_ITEMS, 1)),
    rule=Sum(_keys(1, 20), parts={"intrusion": _keys(1, 5), "avoidance": _keys(6, 7), "mood": _keys(8, 14), "arousal": _keys(15, 20)}),
    low=0,
    high=80,
    license=License("free", "National Center for PTSD, not copyrighted (PCL-VA).", "PCL-VA"),
    recall=common.LAST_MONTH,
    recall_days=30,
    minimum_interval_days=common.every(7, "asks about a month; weekly at most, and the overlap is said"),
    bands=common.bands(
        "PCL-VA",
        "published",
        "{score}",
        ("below", 0, "below the provisional limit", "por debajo del límite provisional", "calm"),
        ("positive", 31, "at or above the provisional limit of 31 to 33", "en o sobre el límite provisional de 31 a 33", "watch"),
    ),
    change=Change(important=common.points(10, "PCL-VA"), reliable=common.points(5, "PCL-VA")),
    positive_from=common.points(31, "PCL-VA"),
    takes_total=True,
    parts={
        "intrusion": both("intrusion (1 to 5)", "intrusión (1 a 5)"),
        "avoidance": both("avoidance (6 and 7)", "evitación (6 y 7)"),
        "mood": both("thoughts and mood (8 to 14)", "pensamientos y ánimo (8 a 14)"),
        "arousal": both("arousal (15 to 20)", "activación (15 a 20)"),
    },
    translations=(common.ORIGINAL, common.OWN_SPANISH),
    notes=("A provisional limit, no diagnosis. No rule for missing items was found: one missing item means no score.",),
)

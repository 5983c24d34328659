"""Instruments whose words belong to somebody. What ships is structure and arithmetic; the clinic brings its own licensed text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Asked, Change, Instrument, Item, Outcome, both, choices
from winddown.domain.instruments.scoring import Mean, Sum, whole


def numbered(count: int, low: int, high: int, *, kind: str = "choice", prefix: str = "") -> tuple[Item, ...]:
    """`count` items without words, each with the answers from `low` to `high`."""
    allowed = choices(*((value, str(value), str(value)) for value in range(low, high + 1)))
    return tuple(
        Item(
            f"{prefix}{number}",
            kind="slider" if kind == "slider" else "choice",
            choices=() if kind == "slider" else allowed,
            low=low,
            high=high,
        )
        for number in range(1, count + 1)
    )


def keys(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(item.key for item in items)


_MADRS = numbered(10, 0, 6)
MADRS = Instrument(
    key="madrs",
    version="1",
    name=both("MADRS: depression, rated by a clinician", "MADRS: depresión, evaluada por un clínico"),
    purpose=both("severity of depression", "gravedad de la depresión"),
    rater="clinician",
    items=_MADRS,
    rule=Sum(keys(_MADRS)),
    low=0,
    high=60,
    license=common.permission("Montgomery and Asberg; the publisher's terms", "MADRS-B"),
    recall=common.LAST_WEEK,
    recall_days=7,
    minimum_interval_days=common.every(1, "a version with a recall of 24 hours exists; never mix windows in one trend (MADRS24)"),
    bands=common.bands(
        "MADRS-B",
        "published",
        "{score}",
        ("none", 0, "none", "ninguna", "calm"),
        ("mild", 7, "mild", "leve", "calm"),
        ("moderate", 20, "moderate", "moderada", "watch"),
        ("severe", 35, "severe", "grave", "watch"),
    ),
    change=Change(response_percent=common.percent(50, "HAW02"), remission_at_most=common.points(10, "HAW02")),
    takes_total=True,
)

_CADSS = numbered(23, 0, 4)
CADSS = Instrument(
    key="cadss",
    version="1",
    name=both("CADSS: dissociation", "CADSS: disociación"),
    purpose=both("dissociation", "disociación"),
    rater="clinician",
    items=_CADSS,
    rule=Sum(keys(_CADSS), parts={"cadss6": ("1", "2", "6", "7", "15", "22")}),
    low=0,
    high=92,
    license=common.permission("Bremner and colleagues", "CADSS-Y"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(0, "asked as often as the protocol says"),
    takes_total=True,
    parts={"cadss6": both("six items (CADSS-6)", "seis ítems (CADSS-6)")},
    notes=(
        "Never a target for the dose: relief is not explained by dissociation (DISS20).",
        "The six items of CADSS6 are numbers 1, 2, 6, 7, 15 and 22.",
    ),
)

_QIDS = numbered(16, 0, 3)


def _qids(values: Mapping[str, float]) -> Outcome:
    """Four domains count their highest item only; adding all sixteen is the classic mistake."""
    lacking = tuple(item.key for item in _QIDS if item.key not in values)
    if lacking:
        return Outcome(None, lacking)
    highest = [max(values[str(n)] for n in group) for group in ((1, 2, 3, 4), (6, 7, 8, 9), (15, 16))]
    return Outcome(sum(highest) + sum(values[str(n)] for n in (5, 10, 11, 12, 13, 14)))


QIDS = Instrument(
    key="qids-sr16",
    version="1",
    name=both("QIDS-SR16: depression", "QIDS-SR16: depresión"),
    purpose=both("symptoms of depression", "síntomas de depresión"),
    items=_QIDS,
    rule=_qids,
    low=0,
    high=27,
    license=common.permission("Rush and colleagues; claims conflict", "QIDS"),
    recall=common.LAST_WEEK,
    recall_days=7,
    minimum_interval_days=common.every(7, "asks about a week"),
    bands=common.bands(
        "QIDS",
        "published",
        "{score}",
        ("none", 0, "none", "ninguna", "calm"),
        ("mild", 6, "mild", "leve", "calm"),
        ("moderate", 11, "moderate", "moderada", "watch"),
        ("severe", 16, "severe", "grave", "watch"),
        ("very_severe", 21, "very severe", "muy grave", "watch"),
    ),
    change=Change(response_percent=common.percent(50, "QIDS"), remission_at_most=common.points(5, "QIDS")),
    takes_total=True,
    notes=("Item 12 asks about suicide (unverified): the clinic looks at it by itself.",),
)

_DAST = numbered(10, 0, 1)


def _dast(values: Mapping[str, float]) -> Outcome:
    """Yes counts one, but in item 3 it is No that counts."""
    lacking = tuple(item.key for item in _DAST if item.key not in values)
    return Outcome(None, lacking) if lacking else Outcome(sum(1 - value if key == "3" else value for key, value in values.items()))


DAST10 = Instrument(
    key="dast-10",
    version="1",
    name=both("DAST-10: drugs", "DAST-10: drogas"),
    purpose=both("use of drugs", "uso de drogas"),
    items=_DAST,
    rule=_dast,
    low=0,
    high=10,
    license=common.permission("Skinner and the Centre for Addiction and Mental Health", "DAST"),
    recall=both("the last 12 months", "los últimos 12 meses"),
    recall_days=365,
    minimum_interval_days=common.every(30, "asks about a year"),
    bands=common.bands(
        "DAST",
        "published",
        "{score}",
        ("none", 0, "none reported", "ninguno referido", "calm"),
        ("low", 1, "low", "bajo", "calm"),
        ("moderate", 3, "moderate", "moderado", "watch"),
        ("substantial", 6, "substantial", "considerable", "watch"),
        ("severe", 9, "severe", "grave", "watch"),
    ),
    takes_total=True,
    loinc_score="82667-7",
    notes=("Answers are 1 for yes and 0 for no; item 3 is scored on no.",),
)

_DN4 = numbered(10, 0, 1)
DN4 = Instrument(
    key="dn4",
    version="1",
    name=both("DN4: neuropathic pain", "DN4: dolor neuropático"),
    purpose=both("signs of neuropathic pain", "signos de dolor neuropático"),
    rater="clinician",
    items=_DN4,
    rule=Sum(keys(_DN4), parts={"interview": keys(_DN4)[:7]}),
    low=0,
    high=10,
    license=common.permission("Bouhassira and colleagues", "DN4NL"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(30, "a diagnosis, no course"),
    bands=common.bands(
        "DN4NL",
        "published",
        "{score}",
        ("below", 0, "below the limit of 4", "por debajo del límite de 4", "calm"),
        ("positive", 4, "at or above the limit of 4", "en o sobre el límite de 4", "watch"),
    ),
    takes_total=True,
    parts={"interview": both("seven questions of the interview", "siete preguntas de la entrevista")},
    notes=("The best limit in a Dutch study was 5 of 10 (DN4NL).",),
)

_PDQ = (
    *numbered(7, 0, 5),
    Item("course", choices=choices((0, "0", "0"), (-1, "-1", "-1"), (1, "1", "1"))),
    Item("radiating", choices=choices((0, "0", "0"), (2, "2", "2"))),
)
PAINDETECT = Instrument(
    key="paindetect",
    version="1",
    name=both("painDETECT", "painDETECT"),
    purpose=both("signs of neuropathic pain", "signos de dolor neuropático"),
    items=_PDQ,
    rule=Sum(keys(_PDQ)),
    low=-1,
    high=38,
    license=common.permission("Pfizer", "PDQ"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(7, "asks about pain as it is"),
    bands=common.bands(
        "PDQ, limits not seen in the source",
        "unverified",
        "{score}",
        ("unlikely", -1, "neuropathic part unlikely", "parte neuropática poco probable", "calm"),
        ("unclear", 13, "unclear", "no concluyente", "watch"),
        ("likely", 19, "neuropathic part likely", "parte neuropática probable", "watch"),
    ),
    takes_total=True,
)

_ODI = numbered(10, 0, 5)


def _odi(values: Mapping[str, float]) -> Outcome:
    """Percent of what was answered: a section left out leaves the denominator too, as the instrument's own rule says (one at most)."""
    have = [values[item.key] for item in _ODI if item.key in values]
    lacking = tuple(item.key for item in _ODI if item.key not in values)
    if len(lacking) > 1 or not have:
        return Outcome(None, lacking)
    return Outcome(whole(100 * sum(have) / (5 * len(have))), lacking, prorated=bool(lacking))


ODI = Instrument(
    key="odi",
    version="1",
    name=both("Oswestry disability index", "Índice de discapacidad de Oswestry"),
    purpose=both("what back pain keeps from doing", "lo que el dolor de espalda impide hacer"),
    items=_ODI,
    rule=_odi,
    low=0,
    high=100,
    unit="%",
    license=common.permission("Mapi Research Trust; fees possible", "ODI-LIC"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(7, "asks about today"),
    bands=common.bands(
        "ODI",
        "published",
        "%",
        ("minimal", 0, "minimal", "mínima", "calm"),
        ("moderate", 21, "moderate", "moderada", "calm"),
        ("severe", 41, "severe", "grave", "watch"),
        ("crippling", 61, "very severe", "muy grave", "watch"),
        ("bed", 81, "extreme", "extrema", "watch"),
    ),
    change=Change(important=common.points(10, "ODI", unit="%")),
    takes_total=True,
)

_STOP, _BANG = ("s", "t", "o", "p"), ("b", "a", "n", "g")
_STOPBANG = tuple(Item(key, choices=choices((0, "0", "0"), (1, "1", "1"))) for key in (*_STOP, *_BANG))


def _stop_bang(values: Mapping[str, float]) -> Outcome:
    """The sum, and whether two of STOP come with a male sex, a BMI over 35 or a thick neck: high risk at a lower sum too."""
    outcome = Sum((*_STOP, *_BANG))(values)
    if outcome.value is None:
        return outcome
    heavy = values["g"] or values["b"] or values["n"]
    return Outcome(outcome.value, findings=("high_by_combination",) if sum(values[key] for key in _STOP) >= 2 and heavy else ())


STOP_BANG = Instrument(
    key="stop-bang",
    version="1",
    name=both("STOP-Bang: sleep apnea", "STOP-Bang: apnea del sueño"),
    purpose=both("risk of sleep apnea", "riesgo de apnea del sueño"),
    rater="either",
    items=_STOPBANG,
    rule=_stop_bang,
    low=0,
    high=8,
    license=common.permission("University Health Network, Toronto", "STOPB"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(180, "changes slowly"),
    bands=common.bands(
        "STOPB",
        "published",
        "{score}",
        ("low", 0, "low", "bajo", "calm"),
        ("intermediate", 3, "intermediate", "intermedio", "watch"),
        ("high", 5, "high", "alto", "watch"),
    ),
    takes_total=True,
    findings={
        "high_by_combination": both(
            "High by combination: two of STOP with sex, BMI or neck", "Alto por combinación: dos de STOP con sexo, IMC o cuello"
        )
    },
)

_KSET = numbered(29, 0, 3)
KSET = Instrument(
    key="kset",
    version="1",
    name=both("Ketamine side effect tool (KSET)", "Herramienta de efectos de ketamina (KSET)"),
    purpose=both("unwanted effects of ketamine", "efectos no deseados de la ketamina"),
    rater="either",
    items=_KSET,
    rule=lambda values: Outcome(None),
    low=0,
    high=0,
    license=common.permission("Short and colleagues", "SHORT20"),
    recall=both("as the form says", "según el formulario"),
    recall_days=1,
    minimum_interval_days=common.every(0, "screening, baseline, acute and follow-up parts"),
    notes=("No total exists; each answer stands for itself. The clinic's file says which items its part has.",),
)

_BPI_SEVERITY = numbered(4, 0, 10, kind="slider", prefix="severity_")
_BPI_INTERFERENCE = numbered(7, 0, 10, kind="slider", prefix="interference_")


def _bpi(values: Mapping[str, float]) -> Outcome:
    """Severity is the mean of four, interference the mean of seven; more than half of them must be there. The score is interference."""
    severity, interference = Mean(keys(_BPI_SEVERITY))(values), Mean(keys(_BPI_INTERFERENCE), may_miss=3)(values)
    parts = {name: outcome.value for name, outcome in (("severity", severity), ("interference", interference)) if outcome.value is not None}
    return Outcome(interference.value, (*severity.lacking, *interference.lacking), prorated=interference.prorated, parts=parts)


BPI = Instrument(
    key="bpi",
    version="1",
    name=both("Brief pain inventory (BPI)", "Inventario breve de dolor (BPI)"),
    purpose=both("pain and what it interferes with", "el dolor y con qué interfiere"),
    items=(*_BPI_SEVERITY, *_BPI_INTERFERENCE),
    rule=_bpi,
    low=0,
    high=10,
    license=common.permission("MD Anderson Cancer Center", "BPI-MDA"),
    recall=common.LAST_DAY,
    recall_days=1,
    minimum_interval_days=common.every(1, "asks about 24 hours"),
    change=Change(
        important=common.points(1, "clinic default, no source text seen", "unverified"), important_percent=common.percent(30, "FARR01")
    ),
    takes_total=True,
    parts={
        "severity": both("severity (mean of 4)", "intensidad (media de 4)"),
        "interference": both("interference (mean of 7)", "interferencia (media de 7)"),
    },
    notes=("The score drawn is interference.",),
)

C_SSRS = Instrument(
    key="c-ssrs",
    version="1",
    name=both("C-SSRS screener: suicide risk", "C-SSRS: riesgo de suicidio"),
    purpose=both("thoughts of suicide", "pensamientos de suicidio"),
    rater="either",
    items=(
        Item("1", choices=common.YES_NO, loinc="93246-7"),
        Item("2", choices=common.YES_NO, loinc="93247-5"),
        Item("3", choices=common.YES_NO, loinc="93248-3", asked=Asked("2", 1)),
        Item("4", choices=common.YES_NO, loinc="93249-1", asked=Asked("2", 1), crisis_from=1),
        Item("5", choices=common.YES_NO, loinc="93250-9", asked=Asked("2", 1), crisis_from=1),
        Item("6", choices=common.YES_NO, loinc="93267-3", crisis_from=1),
        Item("6_recent", choices=common.YES_NO, loinc="93269-9", asked=Asked("6", 1), crisis_from=1),
    ),
    rule=lambda values: Outcome(None),
    low=0,
    high=0,
    license=common.permission("Research Foundation for Mental Hygiene; free, the wording is fixed", "CSSRS-LIC"),
    recall=both("the past month, behavior in a lifetime and in 3 months", "el último mes; conducta en la vida y en 3 meses"),
    recall_days=30,
    minimum_interval_days=common.every(0, "asked whenever it is called for"),
    loinc_panel="93373-9",
    loinc_score="93374-7",
    notes=(
        "Six questions are never added up; the level follows the triage of the clinic's safety rules.",
        "A missing recency of question 6 is treated as recent.",
    ),
)

C_SSRS_CONTACT = replace(
    C_SSRS,
    key="c-ssrs-contact",
    name=both("C-SSRS screener since the last contact: suicide risk", "C-SSRS desde el último contacto: riesgo de suicidio"),
    items=C_SSRS.items[:-1],
    recall=both("since the last contact", "desde el último contacto"),
    recall_days=0,
    loinc_panel="",
    loinc_score="",
    notes=(
        "The same six questions about the time since the last contact; no LOINC code exists for that window (SPIER).",
        "A behavior since the last contact is treated as recent.",
    ),
)

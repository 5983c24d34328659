"""The pages of the drug models and effects, with their pictures, and the validation report: made from the files and the observations."""

from __future__ import annotations

from collections.abc import Iterable

from manual.shape import page, table
from winddown.domain.pharmacology import library, models
from winddown.domain.pharmacology.evidence.compare import Record, record_of
from winddown.domain.pharmacology.evidence.effect_panels import EffectPanel, effect_panels
from winddown.domain.pharmacology.evidence.effects import CASES, Case, cases_of
from winddown.domain.pharmacology.evidence.errors import BIAS_GOAL_PERCENT, ERROR_GOAL_PERCENT, Performance
from winddown.domain.pharmacology.evidence.observations import observations
from winddown.domain.pharmacology.evidence.panels import Panel, panels
from winddown.domain.pharmacology.evidence.words import ANALYTES, FORMS, LEVELS, SITES, regimen_words
from winddown.domain.pharmacology.model import Model, Parameter, Site
from winddown.domain.pharmacology.models.equations import equations
from winddown.web.library.drawing import sheet

FOLDER = "models"
READING = """Bias is the median of (measured - predicted) / predicted: above zero, people had more in their blood than the model said.
Error is the median of its amount. A full dot counts; a ring helped to build the model and proves nothing. Where a study's weights were
not read, the weight shown was assumed.
"""
HOW = """One model per file: published, or a composite that says so. A rating says how well founded a line is: strong, moderate or
exploratory; exploratory lines never rank, choose or gate a dose. A figure marked **guess** was published by nobody: it is our own
arithmetic or judgement. Bands are calibrated on simulated patients only, until a clinic's own coverage is shown with its number of
patients. How far each model is from what was measured is in [validation.md](validation.md). `winddown models` prints the same.
"""
DRAWN = """The line is the typical person, the band nine of ten invented persons and, where a paper leaves a choice, its readings. A dot
judges the effect, a ring built it; a bar is the published interval of a mean. Values on other axes are in the table below.
"""
NOT_COUNTED = """An observation that built or tuned a model never counts for it, nor one outside its validity, from another site, or from
people it was not built for. Curves read off printed figures carry the reader's own error.
"""


def library_pages() -> dict[str, str]:
    """Every page and picture under docs/generated/models, the overview, and the validation report."""
    found = {"models.md": _overview(), "validation.md": validation_page()}
    for model_id in models.RUNNABLE:
        model = models.read(model_id)
        found[f"{FOLDER}/{model_id}.md"] = _model_page(model)
        found[f"{FOLDER}/{model_id}.svg"] = _picture(model)
    for effect_id, entry in library.EFFECTS.items():
        found[f"{FOLDER}/{effect_id}.md"] = _effect_page(entry)
        found[f"{FOLDER}/{effect_id}.svg"] = _effect_picture(entry)
    return found


def _overview() -> str:
    used = [
        (
            f"[{model.card.name}]({FOLDER}/{model.card.model_id}.md)",
            f"`{model.card.model_id}`",
            model.card.population,
            SITES[model.card.sites[0]],
            library.founded(model),
        )
        for model in models.all()
    ]
    effects = [
        (f"[{each.sheet.name}]({FOLDER}/{name}.md)", each.rating, each.sheet.population, each.driven)
        for name, each in library.EFFECTS.items()
    ]
    others = [
        (f"[{models.read(name).card.name}]({FOLDER}/{name}.md)", f"`{name}`", why)
        for name, why in models.NOT_FOR_ADULTS_INTRAVENOUSLY.items()
    ]
    nothing = [(f"`{name}`", why) for name, why in models.NOTHING_TO_RUN.items()]
    return page(
        "Drug models and effects",
        "`winddown.domain.pharmacology.models` and `winddown.domain.pharmacology.effects`",
        HOW,
        "## Models for adult infusions\n\n" + table(("Model", "Id", "Built on", "Sampled in", "How well founded"), used),
        "## Effects\n\n" + table(("Effect", "How well founded", "Built on", "Follows"), effects),
        "## Present, and refused for adult infusions\n\n" + table(("Model", "Id", "Because it"), others),
        "## Known, with nothing to run\n\n" + table(("Id", "Because it"), nothing),
    )


def _model_page(model: Model) -> str:
    card = model.card
    refused = models.NOT_FOR_ADULTS_INTRAVENOUSLY.get(card.model_id)
    head = f"`{card.model_id}`{', the default' if card.model_id == models.DEFAULT else ''}, version {card.version}.\n"
    warning = f"> **Refused for adult infusions:** this model {refused}.\n" if refused else ""
    lines = "\n".join(equations(model))
    return page(
        card.name,
        f"`winddown.domain.pharmacology.models.{card.model_id}`",
        head,
        warning,
        table(("", ""), library.facts_of(model)),
        "## Beside what was measured\n",
        f"![{card.name}: predicted course with its band, and the measured means]({card.model_id}.svg)\n",
        READING,
        _groups(record_of(card.model_id)) or "No observation on file speaks of what this model gives.\n",
        f"## Equations\n\nAs they run for an adult of 70 kg: amounts in mg, minutes.\n\n```\n{lines}\n```\n",
        "## Figures\n",
        _parameters(model.table),
    )


def _groups(record: Record) -> str:
    rows = []
    for group in record.groups:
        compared = [each for each in record.compared if each.observation.group == group]
        seen, found = compared[0].observation, record.performance(group=group)
        why = "counts" if found else next(each.left_out for each in compared)
        everything = [f"{each.percent_off:+.0f}%" for each in compared] if len(compared) == 1 else []
        shown = _shown(found) if found else ("", "".join(everything), "")
        weight = f"{seen.weight_kg:g} kg{', assumed' if seen.weight_assumed else ''}"
        rows.append(
            (
                seen.study,
                f"{ANALYTES[seen.analyte]}, {seen.site}",
                f"{FORMS[seen.form]}: {regimen_words(seen.regimen)}",
                weight,
                *shown,
                why,
            )
        )
    heads = ("Study", "Measured", "Dose", "Weight", "Means", "Bias", "Error", "Counts?")
    return table(heads, rows) if rows else ""


def _shown(found: Performance) -> tuple[str, str, str]:
    return (str(found.observations), f"{found.bias_percent:+.0f}%", f"{found.error_percent:.0f}%")


def _parameters(rows: Iterable[Parameter]) -> str:
    told = [
        (
            f"`{each.symbol}`",
            f"{each.value:g}",
            each.unit,
            "" if each.omega2 is None else f"{each.omega2:.4g}",
            f"{each.level}: {LEVELS[each.level].replace(': a guess', '')}{', **guess**' if each.guessed else ''}",
            each.source,
            each.note,
        )
        for each in rows
    ]
    return table(("Symbol", "Value", "Unit", "Variance", "How it was read", "Source", "Note"), told)


def _picture(model: Model) -> str:
    drawn: list[tuple[Panel, str, str]] = [
        (
            each,
            each.study or "The standard dose, 0.5 mg/kg over 40 min",
            f"{ANALYTES[each.analyte]}, {SITES[each.site]}, after {FORMS[each.form]}",
        )
        for each in panels(model.card.model_id)
    ]
    return sheet(drawn, f"{model.card.name} beside what was measured")


def _effect_page(entry: library.EffectEntry) -> str:
    sheet_ = entry.sheet
    told = library.one(sheet_.effect_id)
    scales = [(scale.name, scale.unit, scale.rating, scale.words) for scale in entry.scales]
    cases = [_case_row(case) for case in cases_of(sheet_.effect_id)]
    return page(
        sheet_.name,
        "`winddown.domain.pharmacology.effects`",
        f"`{sheet_.effect_id}`. A model of another site or analyte is refused as a driver.\n",
        table(("", ""), told["facts"]),
        table(("Line", "Unit", "How well founded", "What the reader must know"), scales) if scales else "",
        f"## What it says\n\n![{_spoken(entry)}]({sheet_.effect_id}.svg)\n",
        DRAWN,
        "## What speaks against it\n\n" + "".join(f"* {words}\n" for words in sheet_.against),
        "## Beside what was seen\n\n" + table(("Study", "What", "Seen", "Predicted", "Unit", "Counts?"), cases) if cases else "",
        "## Figures\n",
        _parameters(entry.table),
    )


def _effect_picture(entry: library.EffectEntry) -> str:
    drawn = [(each.panel, each.name, _under(each)) for each in effect_panels(entry.sheet.effect_id)]
    return sheet(drawn, _spoken(entry))


def _under(each: EffectPanel) -> str:
    if each.panel.axis == "days":
        return f"over {each.panel.minutes[-1]:g} days after the plan it was built on"
    if not each.follows:
        return "0.5 mg/kg of racemate over 40 min, 75 kg"
    return f"at a steady level of {ANALYTES[each.follows]}{f', {each.also}' if each.also else ''}"


def _spoken(entry: library.EffectEntry) -> str:
    """What the pictures show, for a reader who hears it."""
    return " ".join(_sentence(each) for each in effect_panels(entry.sheet.effect_id))


def _sentence(each: EffectPanel) -> str:
    drawn = each.panel
    top = int(drawn.typical.argmax())
    words = (
        f"{each.name}, {_under(each)}: highest at {drawn.typical[top]:.3g} {drawn.unit} ({drawn.low[top]:.3g} to {drawn.high[top]:.3g}), "
        f"{drawn.minutes[top]:.3g} {drawn.across}."
    )
    return words + "".join(f" Published: {point.ng_per_ml:.3g} at {point.minute:.3g} {drawn.across}." for point in drawn.points)


def _case_row(case: Case) -> tuple[str, ...]:
    predicted = case.predict()
    shown = f"{predicted:,.0f}" if abs(predicted) >= 100 else f"{predicted:.1f}"
    return (case.study, case.what, case.seen, shown, case.unit, "no: it was built from this" if case.built else "yes")


def validation_page() -> str:
    left = [
        (each.study, f"{ANALYTES[each.analyte]}, {each.site}", regimen_words(each.regimen), each.spread, each.not_used_because)
        for each in observations()
        if each.not_used_because
    ]
    effects = [(f"`{case.effect_id}`", *_case_row(case)) for case in CASES]
    goal = (
        f"The goal for the default set: bias within {BIAS_GOAL_PERCENT:g}%, error at most {ERROR_GOAL_PERCENT:g}%, arterial and venous.\n"
    )
    return page(
        "How far the models are from what was measured",
        "`winddown.domain.pharmacology.evidence`",
        READING,
        NOT_COUNTED,
        f"## The default set\n\n{goal}\n{_goal_table()}\n{_assumed()}",
        "## Every model\n\n" + _all_models(),
        "## Effects\n\nA few group means, most of which built the effect. No error in percent can be made of them.\n\n"
        + table(("Effect", "Study", "What", "Seen", "Predicted", "Unit", "Counts?"), effects),
        "## Observations that judge nobody\n\n" + table(("Study", "Measured", "Dose", "Value or range", "Because"), dict.fromkeys(left)),
    )


KINDS: tuple[tuple[Site, bool, str], ...] = (
    ("arterial", True, "ketamine, arterial"),
    ("arterial", False, "metabolites, arterial"),
    ("venous", True, "ketamine, venous"),
    ("venous", False, "metabolites, venous"),
    ("unstated", True, "ketamine, site not stated"),
)


def _goal_table() -> str:
    rows = []
    for site, parents, what in KINDS:
        found = record_of(models.DEFAULT).performance(site=site, parents=parents)
        if found:
            rows.append((what, *_shown(found), "reached" if found.reaches_goal else "**not reached**"))
    return table(("Default model", "Means", "Bias", "Error", "Goal"), rows)


def _assumed() -> str:
    told = []
    for heavier in (-5.0, 5.0):
        found = record_of(models.DEFAULT, heavier).performance(site="venous", parents=True)
        if found:
            reached = "reached" if found.reaches_goal else "**not reached**"
            told.append(f"{heavier:+g} kg: bias {found.bias_percent:+.0f}%, error {found.error_percent:.0f}%, {reached}")
    return (
        "The venous figures hang on a weight that was not read (a fixed dose in milligrams, 70 kg assumed). With another weight: "
        + "; ".join(told)
        + ". On venous blood the goal is reached under the assumption only.\n"
    )


def _all_models() -> str:
    rows = []
    for model_id in models.RUNNABLE:
        record = record_of(model_id)
        link = f"[`{model_id}`]({FOLDER}/{model_id}.md)"
        told = [
            (link, what, *_shown(found))
            for site, parents, what in KINDS
            if (found := record.performance(site=site, parents=parents)) is not None
        ]
        rows += told or [(link, "nothing that counts", "", "", "")]
    return table(("Model", "Measured", "Means", "Bias", "Error"), rows)

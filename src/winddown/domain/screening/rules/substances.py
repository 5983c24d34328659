"""Alcohol, drugs, and ketamine before."""

from __future__ import annotations

from winddown.domain.figures import Figure
from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_yes

FAMILY = "substances"


def _active(view: View) -> Fired | None:
    found = []
    if view.yes("substance_use"):
        found.append("use that causes problems now")
    if view.yes("monitoring_pattern"):
        found.append("a pattern in the prescription-monitoring record")
    score, limit = view.number("drug_score"), view.limit("drug_score").value
    if score is not None and score >= limit:
        found.append(f"DAST-10 {score:g}, limit {limit:g}")
    if view.has("drug_screen") and view.word("drug_screen") == "unexpected":
        found.append(f"an unexpected drug screen{view.said('drug_screen')}")
    if not found:
        return None
    return Fired("review", f"Substance use: {'; '.join(found)}.", "No series while use is active. A standard panel does not find ketamine.")


def _alcohol(view: View) -> Fired | None:
    score, sex = view.number("alcohol_score"), view.word("sex")
    if score is None or sex not in ("female", "male"):
        return None
    limit = view.limit(f"score_{sex}").value
    if score < limit:
        return None
    return Fired(
        "caution", f"AUDIT-C {score:g}, limit {limit:g} ({sex}).", "Ask about the last drink and about withdrawal; no alcohol on the day."
    )


def _cannabis(view: View) -> Fired | None:
    taken = [each.words for each in view.taking("cannabis")]
    if not taken and not view.yes("cannabis"):
        return None
    return Fired(
        "caution", f"Cannabis{': ' + ', '.join(taken) if taken else ''} is on file.", "None on the day: more sedation, pulse and confusion."
    )


def _reaction(view: View) -> Fired | None:
    if not view.yes("ketamine_before") or not view.yes("ketamine_reaction"):
        return None
    told = f"A bad reaction to ketamine treatment is on file{view.said('ketamine_reaction')}."
    return Fired("review", told, "Read what happened before the first order.")


RULES = (
    Rule(
        "substances.active",
        "Active substance use",
        FAMILY,
        ("substance_use", "monitoring_pattern", "drug_score", "drug_screen"),
        _active,
        "COHEN18-GC; YG-SUM",
        "published",
        limits={"drug_score": Figure(3, "of 10", "DAST: 3 to 5 is moderate", "published")},
    ),
    Rule(
        "substances.alcohol",
        "Heavy drinking",
        FAMILY,
        ("alcohol_score", "sex"),
        _alcohol,
        "USC-AUD",
        "published",
        limits={"score_female": Figure(3, "of 12", "USC-AUD", "published"), "score_male": Figure(4, "of 12", "USC-AUD", "published")},
    ),
    Rule("substances.cannabis", "Cannabis", FAMILY, ("cannabis", "medicines"), _cannabis, "clinical rules, section 0 item 12", "derived"),
    Rule(
        "substances.ketamine",
        "Ketamine misuse",
        FAMILY,
        ("ketamine_misuse",),
        when_yes(
            "ketamine_misuse", "review", "Ketamine without a prescription is on file", "Ask about bladder and dependence; agree on tests."
        ),
        "UHS-adj: detail not seen",
        "unverified",
    ),
    Rule(
        "substances.ketamine_reaction",
        "Bad reaction to ketamine",
        FAMILY,
        ("ketamine_before", "ketamine_reaction"),
        _reaction,
        "UHS-adj: detail not seen",
        "unverified",
    ),
)

"""A screening rule: what it needs, what it is held against, and the sentence it says. And the run of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from winddown.domain.figures import Figure, Status
from winddown.domain.refusals import UnknownWord
from winddown.domain.screening.data import item_of
from winddown.domain.screening.facts import MOMENTS, ROUTES, Facts, Moment, Route, View
from winddown.domain.sessions.blocks import TRACKS, Track

Severity = Literal["caution", "review", "exclude"]
Outcome = Literal["fired", "missing", "quiet", "later", "elsewhere"]
SEVERITIES: tuple[Severity, ...] = ("caution", "review", "exclude")
NOTHING_FIRED = "No rule fired on the data entered."
Limits = Mapping[str, Mapping[str, Figure]]


@dataclass(frozen=True)
class Fired:
    """What a rule says when it fires: how grave, the sentence with the value and the limit, and what can be done."""

    severity: Severity
    sentence: str
    do: str = ""


Judge = Callable[[View], Fired | None]


@dataclass(frozen=True)
class Rule:
    """One rule.

    id        stable; `version` counts when its meaning changes
    needs     the items it may read; reading another one raises
    limits    its thresholds as shipped; a clinic replaces them by a version that its medical director signs
    source    key in docs/sources.md or the sentence that derives it; status as a Figure's
    when      the moments it runs at: day-of questions are not asked at a first screening
    kind      `condition` or `interaction`
    """

    id: str
    title: str
    family: str
    needs: tuple[str, ...]
    judge: Judge
    source: str
    status: Status
    version: int = 1
    limits: Mapping[str, Figure] = field(default_factory=dict)
    tracks: tuple[Track, ...] = TRACKS
    routes: tuple[Route, ...] = ROUTES
    when: tuple[Moment, ...] = MOMENTS
    kind: Literal["condition", "interaction"] = "condition"

    def __post_init__(self) -> None:
        for key in self.needs:
            item_of(key)


@dataclass(frozen=True)
class Finding:
    """What one rule said in one run.

    outcome  fired; missing (it could not be judged: `missing` names what is not on file); quiet; later (asked on the day);
             elsewhere (another track or route)
    """

    rule: str
    version: int
    title: str
    family: str
    kind: str
    outcome: Outcome
    severity: Severity | Literal[""]
    sentence: str
    do: str
    missing: tuple[str, ...]
    source: str
    status: Status

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "missing": list(self.missing)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Finding:
        return cls(**{**data, "missing": tuple(data["missing"])})


def judge_one(rule: Rule, facts: Facts, limits: Mapping[str, Figure] | None = None) -> Finding:
    """One rule on these facts. A rule that fires says so even where other data are missing; one that does not names what it lacked."""

    def said(
        outcome: Outcome, severity: Severity | Literal[""] = "", sentence: str = "", do: str = "", missing: Iterable[str] = ()
    ) -> Finding:
        told = (rule.id, rule.version, rule.title, rule.family, rule.kind)
        return Finding(*told, outcome, severity, sentence, do, tuple(missing), rule.source, rule.status)

    if facts.track not in rule.tracks or facts.route not in rule.routes:
        return said("elsewhere", sentence=f"Not for the {facts.track} track by the {facts.route} route.")
    if facts.moment not in rule.when:
        return said("later", sentence="Asked on the day of treatment.")
    view = View(facts, frozenset(rule.needs), {**rule.limits, **(limits or {})})
    fired = rule.judge(view)
    if fired is not None:
        return said("fired", fired.severity, fired.sentence, fired.do, view.missing)
    if view.missing:
        lacking = "; ".join(item_of(key).label for key in view.missing)
        return said("missing", sentence=f"Not on file: {lacking}.", do="Ask, and record the answer.", missing=view.missing)
    return said("quiet")


def judge_all(rules: Sequence[Rule], facts: Facts, limits: Limits | None = None) -> tuple[Finding, ...]:
    """Every rule, always; gravest first, then what is missing, then the quiet rest."""
    found = [judge_one(rule, facts, (limits or {}).get(rule.id)) for rule in rules]
    return tuple(sorted(found, key=_rank))


def _rank(finding: Finding) -> tuple[int, int]:
    order: dict[str, int] = {"fired": 0, "missing": 1, "later": 2, "quiet": 3, "elsewhere": 4}
    return order[finding.outcome], -SEVERITIES.index(finding.severity) if finding.severity else 0


def worst(findings: Iterable[Finding]) -> Severity | Literal[""]:
    """The strictest severity that fired; empty where none did. It never means that the patient is well."""
    fired = [finding.severity for finding in findings if finding.outcome == "fired" and finding.severity]
    return max(fired, key=SEVERITIES.index, default="")


def verdict(findings: Sequence[Finding]) -> str:
    """The run in one sentence, for the page and the record."""
    fired = [finding for finding in findings if finding.outcome == "fired"]
    lacking = sum(finding.outcome == "missing" for finding in findings)
    counts = [(word, sum(finding.severity == word for finding in fired)) for word in reversed(SEVERITIES)]
    told = ", ".join(f"{count} {word}" for word, count in counts if count)
    head = f"{len(fired)} rule{'s' if len(fired) != 1 else ''} fired: {told}." if fired else NOTHING_FIRED
    return f"{head} {lacking} could not be judged: data are missing." if lacking else head


def with_limits(rules: Sequence[Rule], signed: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Limits:
    """The thresholds in force: the shipped ones, replaced where the clinic's signed version says so. An unknown rule or name stops."""
    known = {rule.id: rule for rule in rules}
    for rule_id, names in signed.items():
        if rule_id not in known:
            raise UnknownWord("screening rule", rule_id, known)
        for name in names:
            if name not in known[rule_id].limits:
                raise UnknownWord("threshold", name, known[rule_id].limits)
    return {
        rule.id: {
            name: Figure.from_data(dict(signed.get(rule.id, {}).get(name) or figure.as_data())) for name, figure in rule.limits.items()
        }
        for rule in rules
        if rule.limits
    }


def when_yes(key: str, severity: Severity, sentence: str, do: str = "") -> Judge:
    """Fires where the answer is yes."""
    return lambda view: Fired(severity, f"{sentence}{view.said(key)}.", do) if view.yes(key) else None


def when_word(key: str, table: Mapping[str, tuple[Severity, str]], do: str = "") -> Judge:
    """Fires with the severity and sentence that stand beside the chosen word."""

    def judge(view: View) -> Fired | None:
        found = table.get(view.word(key))
        return Fired(found[0], f"{found[1]}{view.said(key)}.", do) if found else None

    return judge


def when_taking(classes: tuple[str, ...], severity: Severity, sentence: str, do: str = "") -> Judge:
    """Fires for each medicine of these classes on the list, naming them."""

    def judge(view: View) -> Fired | None:
        found = view.taking(*classes)
        return Fired(severity, f"{', '.join(each.words for each in found)}: {sentence}.", do) if found else None

    return judge

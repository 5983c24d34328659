"""Rules as a whole: none reads what it does not declare, none breaks on odd data, the strictest wins, missing data are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.refusals import Refusal, UnknownWord
from winddown.domain.screening.data import ITEMS, Item
from winddown.domain.screening.facts import MOMENTS, ROUTES, Facts, Known, UndeclaredItem, View
from winddown.domain.screening.medicines import recognize, table
from winddown.domain.screening.rule import Fired, Rule, judge_all, judge_one, verdict, with_limits, worst
from winddown.domain.screening.rules import RULES, rule_of
from winddown.domain.sessions.blocks import TRACKS

TODAY = date(2026, 3, 2)


class Watched(Mapping[str, Known]):
    """Answers that remember which of them somebody looked at."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        self.known, self.seen = known, set()

    def __getitem__(self, key: str) -> Known:
        self.seen.add(key)
        return self.known[key]

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add(key)
        return self.known.get(key, default)

    def __contains__(self, key: object) -> bool:
        self.seen.add(key)
        return key in self.known

    def __iter__(self):
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def value_of(item: Item) -> st.SearchStrategy[Any]:
    if item.kind == "yes_no":
        return st.booleans()
    if item.kind == "choice":
        return st.sampled_from(item.choices)
    if item.kind == "number":
        return st.floats(item.low, item.high, allow_nan=False)
    return st.dates(date(1950, 1, 1), TODAY + timedelta(days=400)) if item.kind == "day" else st.text(max_size=30)


@st.composite
def anyone(draw: Any) -> Facts:
    """Any subset of answers, any list of medicines, any track, route and moment."""
    keys = draw(st.sets(st.sampled_from(sorted(ITEMS))))
    known = {key: Known(draw(value_of(ITEMS[key])), draw(st.none() | st.dates(date(2020, 1, 1), TODAY))) for key in sorted(keys)}
    names = st.sampled_from([*sorted(table())[::9], "Foobarol 3 mg", "", "¿?"])
    medicines = draw(st.none() | st.lists(names, max_size=6).map(lambda each: tuple(recognize(name) for name in each)))
    return Facts(known, TODAY, medicines, draw(st.sampled_from(TRACKS)), draw(st.sampled_from(ROUTES)), draw(st.sampled_from(MOMENTS)))


@settings(max_examples=150, deadline=None)
@given(anyone())
def test_no_rule_reads_data_that_it_does_not_declare(facts):
    for rule in RULES:
        watched = Watched(facts.known)
        judge_one(rule, Facts(watched, facts.today, facts.medicines, facts.track, facts.route, facts.moment))
        assert watched.seen <= set(rule.needs), rule.id


@settings(max_examples=150, deadline=None)
@given(anyone())
def test_no_data_break_a_rule_and_every_finding_carries_its_words(facts):
    findings = judge_all(RULES, facts)
    assert {finding.rule for finding in findings} == {rule.id for rule in RULES}
    for finding in findings:
        assert (finding.severity != "") == (finding.outcome == "fired")
        assert finding.outcome == "quiet" or finding.sentence.endswith(".")
        assert finding.outcome != "missing" or finding.missing
    assert "eligible" not in verdict(findings)
    assert worst(findings) == max((each.severity for each in findings), key=["", "caution", "review", "exclude"].index)


@settings(max_examples=60, deadline=None)
@given(anyone(), st.sampled_from(sorted(ITEMS)))
def test_taking_an_answer_away_never_turns_a_rule_quiet_that_had_been_missing(facts, key):
    less = Facts(
        {name: known for name, known in facts.known.items() if name != key}, TODAY, facts.medicines, facts.track, facts.route, facts.moment
    )
    before = {finding.rule for finding in judge_all(RULES, facts) if finding.outcome == "missing"}
    after = {finding.rule: finding.outcome for finding in judge_all(RULES, less)}
    assert {after[rule] for rule in before} <= {"missing"}


def test_a_rule_that_reads_what_it_does_not_declare_is_caught():
    peeks = Rule(
        "x.peeks", "Peeks", "person", ("age",), lambda view: Fired("review", "x.") if view.yes("porphyria") else None, "ours", "derived"
    )
    with pytest.raises(UndeclaredItem):
        judge_one(peeks, Facts({}, TODAY))


def test_an_empty_record_fires_nothing_and_names_what_is_missing():
    findings = judge_all(RULES, Facts({}, TODAY, moment="first"))
    assert worst(findings) == ""
    assert verdict(findings).startswith("No rule fired on the data entered. ")
    assert len([finding for finding in findings if finding.outcome == "missing"]) > 50


def test_a_clinic_may_set_a_stricter_threshold_and_an_unknown_one_stops():
    figure = {"value": 60, "unit": "years", "source": "our own", "status": "derived"}
    limits = with_limits(RULES, {"person.old": {"years": figure}})
    facts = Facts({"age": Known(61)}, TODAY)
    assert judge_one(rule_of("person.old"), facts).outcome == "quiet"
    assert judge_one(rule_of("person.old"), facts, limits["person.old"]).sentence == "61 years old, limit 60 years."
    for wrong in ({"person.old": {"days": figure}}, {"person.ancient": {"years": figure}}):
        with pytest.raises(UnknownWord):
            with_limits(RULES, wrong)


def test_a_positive_test_excludes_although_nobody_asked_anything_else():
    found = judge_one(rule_of("pregnancy.pregnant"), Facts({"sex": Known("female"), "pregnancy_test": Known("positive", TODAY)}, TODAY))
    assert (found.outcome, found.severity) == ("fired", "exclude")


def test_an_unknown_track_route_or_moment_stops():
    for wrong in ({"track": "both"}, {"route": "nasal"}, {"moment": "later"}):
        with pytest.raises(Refusal):
            Facts({}, TODAY, **wrong)


def test_a_view_names_each_missing_item_once():
    view = View(Facts({}, TODAY), frozenset({"age", "sex"}), {})
    view.number("age"), view.number("age"), view.word("sex")
    assert view.missing == ["age", "sex"]

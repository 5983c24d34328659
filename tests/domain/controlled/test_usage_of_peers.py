"""Usage against peers: the chance of a false alarm is what is said, by enumeration and by simulation with another random mechanism."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

from winddown.domain.controlled.usage import Handled, review, tails


def test_the_tail_is_that_of_counting_every_way_the_notable_draws_can_fall():
    draws, notable, own = 9, 4, 3
    ways = list(combinations(range(draws), notable))
    for count in range(4):
        favorable = sum(len([each for each in way if each < own]) >= count for way in ways)
        assert tails(draws, notable, own)[count] == Fraction(favorable, len(ways))


def test_among_honest_people_somebody_is_named_no_oftener_than_stated():
    chance, people = Random(20261122), {"A": 40, "B": 60, "C": 25, "D": 75}
    owners = [name for name, draws in people.items() for _ in range(draws)]
    reviews, alarms, bound = 4000, 0, Fraction(0)
    for _ in range(reviews):
        lot = [chance.random() < 0.1 for _ in owners]
        hits = {name: sum(hit for owner, hit in zip(owners, lot, strict=True) if owner == name) for name in people}
        found = review({name: Handled(people[name], hits[name]) for name in people})
        bound = max(bound, found.false_alarms_at_most)
        alarms += any(each.named for each in found.standings)
    print(f"named although nobody differs: {alarms} of {reviews} reviews ({alarms / reviews:.2%}), attained bound {float(bound):.2%}")
    assert bound <= Fraction(1, 100)
    assert alarms / reviews <= 0.01


def test_somebody_with_three_times_the_notable_draws_of_peers_is_named():
    found = review({"A": Handled(100, 8), "B": Handled(100, 7), "C": Handled(100, 27)})
    assert [each.person for each in found.standings if each.named] == ["C"]


def test_with_too_few_draws_nobody_can_be_named_and_the_bound_says_so():
    found = review({"A": Handled(2, 2), "B": Handled(3, 0)})
    assert [each.named_at for each in found.standings] == [None, None]
    assert found.false_alarms_at_most == 0

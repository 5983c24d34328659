"""How one person's handling compares with that of peers, with the rate of false alarms stated.

A draw is a draw whoever makes it, and some draws are notable (much was wasted, a line had to be corrected, a vial broke). If nobody
differs, which of all draws are notable has nothing to do with who made them: the number that falls on one person is then hypergeometric,
exactly. A person is named when so many fall on them that the chance of it is at most the review's rate divided by the number of people
(Bonferroni). Because counts are whole numbers the chance that anybody at all is named wrongly is below the stated rate; the attained bound
is computed and shown. Draws of one person are taken as independent, and somebody who takes the harder patients will stand out honestly:
a name here is a reason to look, never a finding about a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import comb

FALSE_ALARMS_AT_MOST = Fraction(1, 100)


@dataclass(frozen=True)
class Handled:
    """How often one person drew, and how many of those draws were notable."""

    draws: int
    notable: int


@dataclass(frozen=True)
class Standing:
    """One person beside the others.

    chance     that so many or more fall on this person by luck alone
    named_at   from how many notable draws on this person would be named; None: with so few draws no number could be
    """

    person: str
    handled: Handled
    expected: Fraction
    chance: Fraction
    named_at: int | None

    @property
    def named(self) -> bool:
        return self.named_at is not None and self.handled.notable >= self.named_at


@dataclass(frozen=True)
class Review:
    """Everybody, and the attained bound on the chance that anyone is named though nobody differs."""

    standings: tuple[Standing, ...]
    draws: int
    notable: int
    false_alarms_at_most: Fraction


def review(people: Mapping[str, Handled], *, rate: Fraction = FALSE_ALARMS_AT_MOST) -> Review:
    """Compare everybody who drew in a period. People without a draw take no part."""
    there = {name: each for name, each in people.items() if each.draws > 0}
    draws, notable = sum(each.draws for each in there.values()), sum(each.notable for each in there.values())
    share = rate / len(there) if there else rate
    standings, attained = [], Fraction(0)
    for name, each in sorted(there.items()):
        tail = tails(draws, notable, each.draws)
        named_at = next((count for count, chance in enumerate(tail) if chance <= share), None)
        attained += tail[named_at] if named_at is not None else 0
        expected = Fraction(each.draws * notable, draws)
        standings.append(Standing(name, each, expected, tail[each.notable], named_at))
    return Review(tuple(standings), draws, notable, attained)


def tails(draws: int, notable: int, own: int) -> list[Fraction]:
    """Chance that at least 0, 1, 2 ... of `own` draws are notable, when `notable` of all `draws` are and luck decides whose."""
    every = comb(draws, own)
    most = min(notable, own)
    exactly = [Fraction(comb(notable, count) * comb(draws - notable, own - count), every) for count in range(most + 1)]
    found, left = [], Fraction(0)
    for chance in reversed(exactly):
        left += chance
        found.append(left)
    return found[::-1]

"""The forecast of relief in words. What is not known is said so, with what would make it known; nothing here promises or reassures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.domain.outcomes.episodes import Between, Episode
from winddown.domain.pharmacology.effects.weeks import NO_VALIDATED_PREDICTION
from winddown.domain.relief.ahead import FARTHEST, LEAST_AFTER, LEAST_SPAN
from winddown.domain.relief.booster import LIKELY
from winddown.domain.relief.honesty import FEWEST, FEWEST_PATIENTS, Held
from winddown.domain.relief.prior import FIGURES
from winddown.domain.relief.regimen import Unstudied
from winddown.services.relief import Forecast

TABLE_EVERY = 7


def day(at: datetime | None) -> str:
    return date_format(localtime(at), "DATE_FORMAT") if at else "–"


def said(found: Forecast) -> dict[str, str]:
    """The answer to one question, when relief will have faded: a headline, and what stands behind it."""
    if found.silence == "no_infusion":
        return {"words": _("No forecast: no infusion has been given yet."), "more": ""}
    if found.silence == "long_ago":
        words = _("No forecast: the last infusion was more than %(weeks)s weeks ago, longer than the published trial followed.")
        return {"words": words % {"weeks": f"{FARTHEST.value:g}"}, "more": ""}
    if found.silence == "switched_off":
        return {"words": _("The forecast is switched off."), "more": switched_off(found.held)}
    if found.silence == "unstudied" and found.unstudied is not None:
        return {"words": _("No forecast: the weeks after this treatment were not studied."), "more": not_studied(found)}
    assert found.ahead is not None
    return {"words": _headline(found), "more": _behind(found)}


def not_studied(found: Forecast) -> str:
    """The first thing that the trial did not study, and how far the clinic's own evenings have come."""
    assert found.unstudied is not None
    why = {
        "indication": _("The published course was measured in CRPS type 1 only."),
        "drug": _("The published course was measured after S-ketamine; this is racemic ketamine."),
        "length": _length_words(found.unstudied),
    }[found.unstudied.because]
    return f"{why} {own_way(found.own)}"


def _length_words(found: Unstudied) -> str:
    if found.hours is None:
        return _("The published course followed one infusion of about 100 hours; an end of an infusion here was not charted.")
    told = {"hours": f"{found.hours:.3g}", "low": f"{found.low:g}", "high": f"{found.high:g}"}
    return _("The published course followed an infusion of %(low)s to %(high)s hours; one here took %(hours)s.") % told


def own_way(own: Held) -> str:
    """What would bring a curve for this protocol, or why its own record does not."""
    told = {"n": own.evenings, "people": own.patients, "least": f"{FEWEST.value:g}", "least_people": f"{FEWEST_PATIENTS.value:g}"}
    if own.verdict == "too_few":
        return (
            _(
                "Forecasts for this protocol are made unseen each night and laid beside the evenings that come: %(n)s evenings of "
                "%(people)s patients so far; from %(least)s of %(least_people)s on they are judged, and drawn if they hold."
            )
            % told
        )
    return _("Forecasts for this protocol are made unseen each night; so far they have not held.") + " " + switched_off(own)


def _headline(found: Forecast) -> str:
    ahead = found.ahead
    assert ahead is not None
    if ahead.fade is not None:
        told = {"day": day(found.moment(ahead.fade.median))}
        if likely_faded(found):
            return _("Half of the relief was probably lost around %(day)s.") % told
        return _("Half of the relief is expected to be lost around %(day)s.") % told
    return {
        "no_relief": _("No relief that would count as a response is seen in the patient's own scores."),
        "unclear": _("Not known yet: the scores do not tell relief from ordinary ups and downs."),
        "open_ended": _("Not known yet: relief is seen, and the scores do not say when it will fade."),
        "no_baseline": _("Not known: there is no score from before the first infusion."),
    }.get(ahead.known, _("Not known yet: the patient's own scores are too few."))


def likely_faded(found: Forecast) -> bool:
    """Whether half of the relief is more likely lost by today than not."""
    return found.ahead is not None and found.ahead.fade is not None and bool(found.ahead.faded[0] > LIKELY.value)


def _behind(found: Forecast) -> str:
    ahead = found.ahead
    assert ahead is not None
    if ahead.fade is not None:
        named = ("a", "b", "c", "d")
        days = (*ahead.fade.half, *ahead.fade.most)
        told = {name: day(found.moment(value)) for name, value in zip(named, days, strict=True)}
        return _("One chance in two: between %(a)s and %(b)s. Nine in ten: between %(c)s and %(d)s.") % told
    if ahead.known == "too_few":
        told = {"n": str(ahead.evenings), "least": f"{LEAST_AFTER.value:g}", "days": f"{LEAST_SPAN.value:g}"}
        return _("%(n)s evenings after an infusion so far; from %(least)s over %(days)s days on they tell something. No curve yet.") % told
    if ahead.known in ("unclear", "no_relief"):
        return _("Chance that there is a response: %(percent)s %%.") % {"percent": f"{100 * ahead.relief:.0f}"}
    return ""


def switched_off(record: Held) -> str:
    """Why the forecast does not show itself, with its own figures."""
    told = {"own": points(record.crps), "last": points(record.carried), "group": points(record.group), "n": record.evenings}
    if record.verdict == "too_narrow":
        share = f"{100 * (record.in_most or 0):.0f}"
        return _("Its bands of nine in ten held only %(share)s %% of the last %(n)s evenings.") % {"share": share, "n": record.evenings}
    return (
        _("Over the last %(n)s evenings its error was %(own)s points; the last score carried forward %(last)s, the group's mean %(group)s.")
        % told
    )


def points(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def honesty_words(record: Held) -> str:
    """What the clinic's own evenings say of the forecast, with their number."""
    if record.verdict == "too_few":
        return _(
            "Calibrated on simulated patients only: %(n)s evenings of this clinic's patients so far; from %(least)s evenings of %(people)s "
            "patients on its own coverage is judged."
        ) % {"n": record.evenings, "least": f"{FEWEST.value:g}", "people": f"{FEWEST_PATIENTS.value:g}"}
    told = {"n": record.evenings, "most": f"{100 * (record.in_most or 0):.0f}", "half": f"{100 * (record.in_half or 0):.0f}"}
    return _("This clinic's own last %(n)s evenings: %(most)s %% lay inside the wide band, %(half)s %% inside the narrow one.") % told


def stands_on(found: Forecast) -> list[dict[str, str]]:
    """What the forecast rests on, line by line."""
    ahead = found.ahead
    rows = [
        (_("Rating of the evidence"), _("exploratory: %(sentence)s") % {"sentence": _(NO_VALIDATED_PREDICTION)}),
        (_("Own scores"), _scores_words(found)),
        (_("Dose"), dose_words()),
        (_("Prior"), _prior_words(found)),
        (_("Own record"), honesty_words(found.held)),
    ]
    if ahead is not None and ahead.has_curve:
        rows.insert(2, (_("Relief at its greatest"), _("%(points)s points, expected") % {"points": f"{max(ahead.gain, 0):.1f}"}))
    return [{"term": term, "words": words} for term, words in rows]


def dose_words() -> str:
    """Why a larger infusion counts no more than a smaller one."""
    return _(
        "Not weighed: every infusion counts alike. In racemic infusions for CRPS the level in the blood did not go with relief (Goldberg "
        "2011), so a larger dose is not taken for a longer relief."
    )


def _scores_words(found: Forecast) -> str:
    number, given = len(found.scores), len(found.given)
    evenings = ngettext("%(n)s evening", "%(n)s evenings", number) % {"n": number}
    infusions = ngettext("%(n)s infusion", "%(n)s infusions", given) % {"n": given}
    return f"{evenings}, {infusions}"


def _prior_words(found: Forecast) -> str:
    half_life = FIGURES["half_life"]
    told = {"days": f"{half_life.value:g}", "n": found.patients}
    if not found.patients:
        return _("the published slow effect, half-life %(days)s days; no patients of this clinic yet") % told
    return _("the published slow effect, half-life %(days)s days, moved by %(n)s patients of this clinic") % told


def weeks(found: Forecast) -> list[dict[str, str]]:
    """The fan as a table, one line a week."""
    ahead = found.ahead
    if ahead is None or not ahead.has_curve:
        return []
    low, high, inner_low, inner_high = (ahead.at_level(level) for level in (0.05, 0.95, 0.25, 0.75))
    return [
        {
            "day": day(found.moment(float(ahead.days[place]))),
            "expected": f"{ahead.expected[place]:.1f}",
            "half": f"{inner_low[place]:.0f}–{inner_high[place]:.0f}",
            "most": f"{low[place]:.0f}–{high[place]:.0f}",
            "faded": f"{100 * ahead.faded[place]:.0f} %" if ahead.fade is not None else "–",
        }
        for place in range(0, ahead.days.size, TABLE_EVERY)
    ]


def episode_rows(found: Forecast) -> list[dict[str, Any]]:
    """The episodes of this course in words, the newest first."""
    return [_episode(each) for each in reversed(found.episodes)]


def _episode(episode: Episode) -> dict[str, Any]:
    base = episode.baseline
    return {
        "began": day(episode.began_at),
        "infusions": episode.infusions,
        "baseline": f"{base.value:.1f}".rstrip("0").rstrip(".") if base else "–",
        "response": response_words(episode),
        "end": end_words(episode),
        "scored": episode.scored,
        "definition": episode.definition,
    }


def response_words(episode: Episode) -> str:
    if episode.response == "yes" and episode.responded is not None:
        return _("response, %(between)s") % {"between": _between(episode.responded)}
    if episode.response == "unknown":
        return {
            "no_baseline": _("not known: no score before"),
            "low_baseline": _("not known: the score before was too low for a percent"),
        }.get(episode.because, _("not known: no answers"))
    return {"no": _("no response"), "waiting": _("not yet; it may still come")}[episode.response]


def end_words(episode: Episode) -> str:
    if episode.relapse is not None:
        return _("lost %(between)s") % {"between": _between(episode.relapse)}
    watched = day(episode.watched_until)
    return {
        "retreated": _("held until the next infusion (seen until %(day)s)") % {"day": watched},
        "lost": _("lost to follow-up since %(day)s: unknown, not well") % {"day": watched},
        "open": _("still followed, seen until %(day)s") % {"day": watched},
    }.get(episode.end, "–")


def _between(between: Between) -> str:
    return _("between %(after)s and %(by)s") % {"after": day(between.after), "by": day(between.by)}


def proposal_words(found: Forecast) -> dict[str, str] | None:
    """The proposed visit in words; a person books."""
    proposal = found.proposal
    if proposal is None:
        return None
    told = {"n": proposal.within_a_year, "limit": proposal.yearly_limit, "day": day(max(proposal.not_before, found.at))}
    if proposal.kind == "booster":
        more = _("The protocol leaves room: %(n)s of %(limit)s infusions within a year, not before %(day)s.") % told
        return {"words": _("Proposed: a review or a booster."), "more": more}
    if proposal.yearly_limit is None:
        return {"words": _("Proposed: a review."), "more": _("The signed protocol has no limit for a year, so no booster is proposed.")}
    more = _("%(n)s infusions within a year; the protocol's limit is %(limit)s, so no booster is proposed.") % told
    return {"words": _("Proposed: a review."), "more": more}

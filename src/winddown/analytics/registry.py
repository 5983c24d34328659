"""Outcomes of a registry of many practices as Ibis expressions: the same lines run embedded on one machine and on a cluster.

The table `answers` has one row for each scored answer: patient_id, day (from the end of the series; zero and before is before it ended the
wait for a baseline) and score, higher is worse. Nothing here names an engine: DuckDB and Spark compile the same expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Reading:
    """How a registry reads answers, one answer at a time (a practice's own definition asks for two in a row; id says which this is).

    response_percent  fall from the baseline that is a response, on any day from 1 to respond_within
    floor             a baseline below this cannot be judged
    gain_lost         share of the best gain of those days whose loss is a relapse
    """

    id: str = "registry-pain/1"
    response_percent: float = 30.0
    floor: float = 3.0
    respond_within: int = 28
    gain_lost: float = 0.5


PAIN = Reading()


def series(answers: ir.Table, reading: Reading = PAIN) -> ir.Table:
    """One row for each patient: baseline, response (null where it cannot be judged), and for responders when it was lost or last seen.

    returns  patient_id, baseline, responded, responded_day, relapsed, days (from the response to the relapse or the last answer)
    """
    before = answers.filter(answers.day <= 0).group_by("patient_id").agg(baseline=lambda t: t.score.mean())
    told = answers.filter(answers.day > 0).inner_join(before, "patient_id")
    level = told.baseline * (1 - reading.response_percent / 100)
    early = told.day <= reading.respond_within
    found = told.group_by("patient_id").agg(
        baseline=told.baseline.max(),
        responded_day=told.day.min(where=early & (told.score <= level)),
        best=told.score.min(where=early),
        last_day=told.day.max(),
        asked=early.ifelse(1, 0).sum(),
    )
    judged = found.mutate(
        responded=((found.baseline >= reading.floor) & (found.asked > 0)).ifelse(found.responded_day.notnull(), None),
        lost_at=found.baseline - (found.baseline - found.best) * (1 - reading.gain_lost),
    )
    held = judged.filter(judged.responded).select("patient_id", "responded_day", "lost_at")
    after = answers.inner_join(held, "patient_id")
    lost = after.filter((after.day > after.responded_day) & (after.score >= after.lost_at))
    ends = lost.group_by("patient_id").agg(relapse_day=lost.day.min())
    joined = judged.left_join(ends, "patient_id").drop("patient_id_right")
    return joined.mutate(
        relapsed=joined.relapse_day.notnull(),
        days=joined.relapse_day.fill_null(joined.last_day) - joined.responded_day,
    ).select("patient_id", "baseline", "responded", "responded_day", "relapsed", "days")


def relapse_curve(followed: ir.Table) -> ir.Table:
    """Kaplan-Meier over those who responded, with Greenwood's error and the log-log band. One row for each day on which something ended.

    followed  what `series` returns
    returns   day, at_risk, lost, left, survival, error, low, high
    """
    import ibis  # slow import

    held = followed.filter(followed.responded)
    ends = held.group_by(day=held.days).agg(lost=held.relapsed.ifelse(1, 0).sum(), left=held.relapsed.ifelse(0, 1).sum())
    onward = ibis.window(order_by=ibis.desc("day"), preceding=None, following=0)
    so_far = ibis.window(order_by="day", preceding=None, following=0)
    risk = ends.mutate(at_risk=(ends.lost + ends.left).sum().over(onward))
    whole = risk.mutate(
        step=(risk.lost < risk.at_risk).ifelse((1 - risk.lost.cast("float64") / ibis.greatest(risk.at_risk, risk.lost + 1)), 1.0),
        term=(risk.lost < risk.at_risk).ifelse(
            risk.lost.cast("float64") / (risk.at_risk.cast("float64") * ibis.greatest(risk.at_risk - risk.lost, 1)), 0.0
        ),
        over=(risk.lost >= risk.at_risk).ifelse(1, 0),
    )
    summed = whole.mutate(
        log_survival=whole.step.ln().sum().over(so_far), variance=whole.term.sum().over(so_far), gone=whole.over.max().over(so_far)
    )
    drawn = summed.mutate(survival=(summed.gone == 1).ifelse(0.0, summed.log_survival.exp()))
    inside = (drawn.gone == 0) & (drawn.log_survival < -1e-15)
    half = inside.ifelse(Z95 * drawn.variance.sqrt() / ibis.greatest(-drawn.log_survival, 1e-15), None)
    banded = drawn.mutate(
        error=drawn.survival * drawn.variance.sqrt(),
        low=(drawn.log_survival * half.exp()).exp(),
        high=(drawn.log_survival * (-half).exp()).exp(),
    )
    return banded.select("day", "at_risk", "lost", "left", "survival", "error", "low", "high").order_by("day")


def response_shares(followed: ir.Table) -> ir.Table:
    """How many responded, did not, and cannot be judged: one row."""
    return followed.agg(
        patients=followed.count(),
        responded=(followed.responded == True).ifelse(1, 0).sum(),  # noqa: E712  an expression, not a comparison
        did_not=(followed.responded == False).ifelse(1, 0).sum(),  # noqa: E712  an expression, not a comparison
        not_known=followed.responded.isnull().ifelse(1, 0).sum(),
    )

"""Outcomes of a registry of many practices as Ibis expressions: the same lines run embedded on one machine and on a cluster.

answers   one row for each scored answer: series_id, day (whole days from the last infusion of the series; what was before is negative) and
          score (whole points, higher is worse); one answer a day at most
followed  one row for each series: series_id, began (day of its first infusion), until (day up to which was looked), retreated (whether the
          next series ended the looking)

Nothing here names an engine: DuckDB and Spark compile the same expression. The definition of response, relapse and loss is a parameter,
and is the practice's own (`domain.outcomes.definition`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from winddown.domain.outcomes import many
from winddown.domain.outcomes.definition import PAIN, Definition
from winddown.domain.refusals import OutOfRange

if TYPE_CHECKING:
    import ibis.expr.types as ir

Z95 = 1.959963984540054
WHOLE_POINTS = ("pain", "mood")


def packed(answers: ir.Table) -> ir.Table:
    """Every answer kept, one row for each series: series_id and codes, a list of day x 4096 + score. Write this to read it often."""
    told = answers.filter(answers.score.notnull())
    code = told.day.cast("int32") * (1 << many.SCORE_BITS) + told.score
    return told.group_by("series_id").agg(codes=code.cast("int32").collect())


def series(answers: ir.Table, followed: ir.Table, definition: Definition = PAIN) -> ir.Table:
    """One row for each series: what `episodes` says of it.

    answers   as above, or `packed` of them
    returns   series_id, baseline, responded (null where it cannot be judged), waiting, days (from the response to the relapse, or to
              the last answer), relapse_after (the last answer that still held it), relapsed, lost
    refuses   OutOfRange for a definition whose scores are no whole points
    """
    import ibis  # slow import

    codes = answers if "codes" in answers.columns else packed(answers)
    joined = followed.left_join(codes, "series_id")
    given = joined.codes.fill_null(ibis.literal([], type="array<int32>"))
    told = joined.select("series_id", read=_reader(definition)(given, joined.began, joined.until, joined.retreated))
    field = {name: told.read[place] for place, name in enumerate(many.FIELDS)}
    number = {name: ibis.ifelse(value.isnan(), None, value) for name, value in field.items()}
    response, relapse = field["response"], number["relapse_by"]
    return told.select(
        "series_id",
        baseline=number["baseline"],
        responded=ibis.cases((response == many.YES, True), (response == many.NO, False)),
        waiting=response == many.WAITING,
        days=relapse.fill_null(field["watched"]),
        relapse_after=number["relapse_after"],
        relapsed=relapse.notnull(),
        lost=field["is_lost"] == 1.0,
    )


@cache
def _reader(definition: Definition) -> Any:
    """The definition as a function of an engine: a list of codes in, the fields of `many` out."""
    import ibis  # slow import

    if definition.key not in WHOLE_POINTS:
        raise OutOfRange(because=f"{definition.key} is scored in parts of a point.", way_out="Use pain or mood.", code="parts_of_a_point")
    kinds = ("array<int32>", "int32", "int32", "boolean")

    def read(codes: Any, began: Any, until: Any, retreated: Any) -> Any:
        return _read(definition, codes, began, until, retreated)

    name = f"read_{definition.key}_{definition.version}"
    return ibis.udf.scalar.pyarrow(read, name=name, signature=(kinds, "array<float64>"))


def _read(definition: Definition, codes: Any, began: Any, until: Any, retreated: Any) -> Any:
    """A batch of rows where the engine hands over batches (DuckDB), and one row where it hands over rows (Spark)."""
    import numpy as np  # slow import
    import pyarrow as pa  # slow import

    if not hasattr(began, "to_numpy"):
        own = np.asarray([] if codes is None else codes, np.int32)
        found = many.read_many(definition, own, [0, len(own)], [began], [until], [retreated])
        return found[0].tolist()
    lists = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    flat = lists.flatten().to_numpy(zero_copy_only=False)
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    whole = [each.to_numpy(zero_copy_only=False) if isinstance(each, pa.Array) else each.to_numpy() for each in (began, until, retreated)]
    found = many.read_many(definition, flat, offsets, *whole)
    ends = np.arange(len(found) + 1, dtype=np.int32) * len(many.FIELDS)
    return pa.ListArray.from_arrays(ends, found.ravel())


def relapse_curve(read: ir.Table) -> ir.Table:
    """Kaplan-Meier over those who responded, with Greenwood's error and the log-log band. One row for each day on which something ended.

    read      what `series` returns
    returns   day, at_risk, lost, left, survival, error, low, high
    """
    import ibis  # slow import

    held = read.filter(read.responded)
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


def response_shares(read: ir.Table) -> ir.Table:
    """How many responded, did not, may still respond, and cannot be judged; and how many are lost: one row."""
    return read.agg(
        series=read.count(),
        responded=(read.responded == True).ifelse(1, 0).sum(),  # noqa: E712  an expression, not a comparison
        did_not=(read.responded == False).ifelse(1, 0).sum(),  # noqa: E712  an expression, not a comparison
        waiting=read.waiting.ifelse(1, 0).sum(),
        not_known=(read.responded.isnull() & ~read.waiting).ifelse(1, 0).sum(),
        lost=read.lost.ifelse(1, 0).sum(),
    )

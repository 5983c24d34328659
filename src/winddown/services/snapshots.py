"""What the clinician was shown, kept so that it can be run again years later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from winddown.domain.refusals import UnknownWord
from winddown.record.models import Order, Session, Snapshot, Staff

MOMENTS = ("sign", "start", "rate_change", "override", "discharge")


def keep(
    moment: str, shown: Mapping[str, Any], *, by: Staff | None, now: datetime, session: Session | None = None, order: Order | None = None
) -> Snapshot:
    """Keep one forecast as shown: the model, the hash of its inputs, and the curves."""
    if moment not in MOMENTS:
        raise UnknownWord("snapshot moment", moment, MOMENTS)
    row = Snapshot(
        session=session,
        order=order,
        moment=moment,
        model_id=str(shown.get("model", {}).get("id", "")),
        inputs_hash=str(shown.get("inputs_hash", "")),
        content=dict(shown),
        at=now,
        by=by,
    )
    row.save()
    return row

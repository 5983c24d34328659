"""What an act at the chair is: its words, its form, when it is offered; and one of them as it was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from winddown.record.models import Session, SessionEvent, Staff
from winddown.services import bedside
from winddown.web.sessions import forms
from winddown.web.sessions.sight import Sight
from winddown.web.sessions.when import Moment

RUNS = frozenset({"running"})
HANGS = frozenset({"running", "held"})
WATCHED = frozenset({"running", "held", "stopped", "recovering"})
PRESENT = WATCHED | {"checked_in", "ready"}
PUMP, PATIENT, RECORD, TEAM = "pump", "patient", "record", "team"
RECORD_IT = pgettext_lazy("act", "Record")
GROUPS = {PUMP: _("Pump and line"), PATIENT: _("Patient"), RECORD: _("Record"), TEAM: _("People")}


@dataclass(frozen=True)
class Deed:
    """One act as it was sent."""

    session: Session
    sight: Sight
    form: forms.ActForm
    moment: Moment
    by: Staff
    now: datetime
    key: UUID

    @property
    def said(self) -> dict[str, Any]:
        return self.form.chosen

    @property
    def common(self) -> dict[str, Any]:
        return {"by": self.by, "now": self.now, "happened_at": self.moment.at, "key": self.key}

    @property
    def fact(self) -> bool:
        """Ticked as one, or longer ago than an entry takes: what has happened is never refused."""
        return bool(self.form.cleaned_data.get("as_fact")) or self.moment.past

    def record(self, kind: str, data: Mapping[str, Any] | None = None) -> SessionEvent:
        return bedside.record(self.session, kind, data or {}, **self.common)


Do = Callable[[Deed], SessionEvent]


@dataclass(frozen=True)
class Act:
    """One act. `request`: something that may be refused, so it also waits when the story has moved on meanwhile.

    level   "act" for what stops the drug or calls for help
    steps   what the form says above its fields
    """

    key: str
    words: Any
    title: Any
    do: Do
    form: type[forms.ActForm] = forms.NothingMore
    submit: Any = RECORD_IT
    offered: frozenset[str] = PRESENT
    group: str = PATIENT
    level: str = ""
    request: bool = False
    template: str = "sessions/acts/plain.html"
    note: Any = ""
    bar: frozenset[str] = field(default=frozenset())

    @property
    def url_name(self) -> str:
        return f"session_{self.key}"

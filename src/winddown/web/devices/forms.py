"""What people type in this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from winddown.record.models import Chair, Location, Occupancy, Reading, Session
from winddown.web.people.shell import HouseForm

KINDS = {"monitor": _("patient monitor"), "pump": _("infusion pump")}
NOBODY = "nobody"
MINUTE = timedelta(minutes=1)


class DeviceForm(HouseForm):
    key = forms.CharField(
        label=_("Identifier it sends"),
        max_length=120,
        help_text=_("Exactly as in its messages, for example MON-12. Its label or network page shows it."),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()))
    words = forms.CharField(
        label=_("What people call it"), max_length=120, required=False, help_text=_("For example: grey monitor, blue tape.")
    )
    location: Any = forms.ModelChoiceField(label=_("Location"), queryset=None)
    silent_after_s = forms.IntegerField(
        label=_("Silent after"),
        min_value=5,
        max_value=3600,
        initial=15,
        help_text=_("Seconds without a message before silence is an alarm of its own."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.order_by("name")  # type: ignore[attr-defined]


class BindForm(HouseForm):
    chair: Any = forms.ModelChoiceField(label=_("Chair"), queryset=None, to_field_name="ref", empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = Chair.objects.all()  # type: ignore[attr-defined]


class AttachForm(HouseForm):
    """Readings, whose they are, and how that is known."""

    reading: Any = forms.ModelMultipleChoiceField(queryset=None)
    owner = forms.CharField(label=_("Whose are they?"))
    because = forms.CharField(label=_("How do you know?"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reading"].queryset = Reading.objects.select_related("device")  # type: ignore[attr-defined]

    def clean_owner(self) -> Session | None:
        ref = self.cleaned_data["owner"]
        if ref == NOBODY:
            return None
        session: Session | None = Session.objects.select_related("chair", "patient").filter(ref=ref).first() if _is_uuid(ref) else None
        if session is None:
            raise forms.ValidationError(_("Choose a session from the list, or nobody."))
        return session

    def clean(self) -> dict[str, Any]:
        """Only a session that sat in some chair when the readings were taken can own them."""
        data = super().clean() or {}
        session, readings = data.get("owner"), data.get("reading")
        if session is not None and readings and not _sat(session, readings):
            self.add_error("owner", _("That session sat in no chair at that time."))
        return data


def _sat(session: Session, readings: Iterable[Reading]) -> bool:
    spans = [occupancy.span for occupancy in Occupancy.objects.filter(session=session)]
    times = [reading.observed_at.replace(second=0, microsecond=0) for reading in readings]
    return any(sits_in(span, minute) for span in spans for minute in times)


def sits_in(span: Any, minute: datetime) -> bool:
    """Whether a span of sitting touches this minute."""
    return bool(span.lower < minute + MINUTE and (span.upper is None or span.upper > minute))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

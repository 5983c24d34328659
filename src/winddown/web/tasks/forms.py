"""What people type about tasks and on-call duties. Times are the location's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from winddown.domain.suicide_safety.crisis import COUNTRIES
from winddown.domain.tasks.kinds import Closing, TaskKind
from winddown.record.models import Location, Staff
from winddown.services import permissions
from winddown.web.people.shell import HouseForm

MOMENT = "%Y-%m-%dT%H:%M"
NEEDED = {
    "called": _("This task cannot be closed without who was called."),
    "called_at": _("This task cannot be closed without when they were called."),
    "next_check_at": _("This task cannot be closed without when the next check is."),
    "words": _("This task cannot be closed without what happened, in words."),
}


class MomentField(forms.DateTimeField):
    """A local date and time, to the minute."""

    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"], **kwargs)


class StaffField(forms.ModelChoiceField):
    """Somebody who may act on clinical tasks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, to_field_name="ref", empty_label=_("Choose"), **kwargs)

    @staticmethod
    def who(*, but: Staff | None = None) -> Any:
        found = Staff.objects.filter(active=True, roles__overlap=sorted(permissions.PERMISSIONS["task.clinical"]))
        return found.exclude(pk=but.pk if but else None).order_by("name")


class CloseForm(HouseForm):
    """How the task ended, and all that its kind asks for."""

    outcome = forms.ChoiceField(label=_("How did it end?"), widget=forms.RadioSelect)
    called = forms.CharField(label=_("Who was called"), max_length=200, required=False, help_text=_("Name and how: phone, in person."))
    called_at = MomentField(label=_("When they were called"), required=False)
    next_check_at = MomentField(label=_("Next check"), required=False, help_text=_("Becomes a task of its own, due then."))
    words = forms.CharField(label=_("What happened"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, kind: TaskKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(key, _now(outcome.words)) for key, outcome in kind.outcomes.items()]  # type: ignore[attr-defined]
        asked = {name for outcome in kind.outcomes.values() for name in outcome.needs} | {"words"}
        always = set.intersection(*(set(outcome.needs) for outcome in kind.outcomes.values()))
        for name, refusal in NEEDED.items():
            if name not in asked:
                del self.fields[name]
            elif name in always:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = refusal

    def closing(self) -> Closing:
        data = self.cleaned_data
        return Closing(data["outcome"], data.get("called", ""), data.get("called_at"), data.get("next_check_at"), data.get("words", ""))


class HandOnForm(HouseForm):
    to: Any = StaffField(label=_("To"))
    because = forms.CharField(label=_("Why"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, but: Staff, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="on_%s", **kwargs)
        self.fields["to"].queryset = StaffField.who(but=but)  # type: ignore[attr-defined]


class NoteForm(HouseForm):
    words = forms.CharField(label=_("What happened"), max_length=1000, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    tried = forms.BooleanField(label=_("A call was tried"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **kwargs)


class NewTaskForm(HouseForm):
    """A task that a person opens by hand."""

    words = forms.CharField(label=_("What must be done"), max_length=300, help_text=_("No names here: the screen is seen by many."))
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=[("soon", _("Soon")), ("same_day", _("Today")), ("urgent", _("Urgent: on every screen now"))]
    )
    due_at = MomentField(label=_("By when"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].initial = timezone.localtime() + timedelta(hours=4)


class DutyForm(HouseForm):
    """One span on call."""

    staff: Any = StaffField(label=_("Who"))
    rank = forms.TypedChoiceField(label=_("Called"), choices=[(1, _("first")), (2, _("second")), (3, _("third"))], coerce=int)
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    phone = forms.CharField(label=_("Phone while on call"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = StaffField.who()  # type: ignore[attr-defined]


class RulesForm(HouseForm):
    """How fast an unanswered urgent task goes on, and whose crisis lines are shown."""

    next_after_min = forms.FloatField(label=_("To the next person on call after"))
    director_after_min = forms.FloatField(label=_("From the director to the start of the line again after"))
    act_within_min = forms.FloatField(label=_("Onward although acknowledged, when no call is recorded for"))
    country = forms.ChoiceField(label=_("Crisis lines of"), choices=[(code, each.name) for code, each in COUNTRIES.items()])
    because = forms.CharField(label=_("What changes and why"), max_length=300)


def place_choices(places: list[Location]) -> list[tuple[str, str]]:
    return [(str(place.ref), place.name) for place in places]

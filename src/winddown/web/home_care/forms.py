"""How a patient is reached, as the front desk or a nurse writes it down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from winddown.services.contacts import Wishes
from winddown.web.people.shell import HouseForm

ZONES = (
    "America/New_York",
    "America/Detroit",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Mexico_City",
    "Europe/London",
    "Europe/Madrid",
    "UTC",
)


class ContactForm(HouseForm):
    email = forms.CharField(label=_("Email"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(
        label=_("Mobile phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )
    channel = forms.ChoiceField(label=_("First by"), choices=[("sms", _("Text message")), ("email", _("Email"))])
    hour = forms.TypedChoiceField(label=_("Hour of the daily questions"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)])
    zone = forms.ChoiceField(label=_("Where the patient's clock is"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    paused_until = forms.DateField(label=_("Ask nothing before"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    stopped = forms.BooleanField(label=_("No reminders at all"), required=False)
    because = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = (kwargs.get("initial") or {}).get("zone", "")
        names = [here] if here and here not in ZONES else []
        self.fields["zone"].choices = [(name, name.replace("_", " ")) for name in (*names, *ZONES)]  # type: ignore[attr-defined]

    def wishes(self) -> Wishes:
        told = {name: value for name, value in self.cleaned_data.items() if name != "because"}
        return Wishes(**told)

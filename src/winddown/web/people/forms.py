"""What people type in this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from winddown.record.models import Location, Staff
from winddown.web.people.shell import HouseForm
from winddown.web.people.words import CREDENTIALS, ROLE_NAMES, WEEKDAYS


class SecretForm(HouseForm):
    secret = forms.CharField(
        label=_("Password or PIN"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        strip=False,
    )


class PinForm(HouseForm):
    secret = forms.CharField(
        label=_("Your password, once more"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("At least six digits, three of them different."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(label=_("New PIN again"), widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "pin" in data and "again" in data and data["pin"] != data["again"]:
            self.add_error("again", _("The two PINs differ. Type the same one twice."))
        return data


class StaffForm(HouseForm):
    """Name, roles and home of one person."""

    name = forms.CharField(label=_("Name"), max_length=120)
    initials = forms.CharField(label=_("Initials"), max_length=6, help_text=_("Shown beside what this person charts."))
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLE_NAMES.items()), widget=forms.CheckboxSelectMultiple, help_text=_("One person may hold several.")
    )
    home: Any = forms.ModelChoiceField(label=_("Home location"), queryset=None, required=False, empty_label=_("None"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = Location.objects.order_by("name")  # type: ignore[attr-defined]

    @classmethod
    def of(cls, staff: Staff) -> StaffForm:
        return cls(initial={"name": staff.name, "initials": staff.initials, "roles": staff.roles, "home": staff.home_id})


class NewStaffForm(StaffForm):
    email = forms.EmailField(label=_("Email address, to sign in with"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least twelve characters. Hand it over in person; it can be changed under My account."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    initials = forms.CharField(label=_("Initials"), max_length=6, required=False, help_text=_("Empty: from the name."))

    field_order = ("name", "initials", "email", "password", "roles", "home")

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class CredentialForm(HouseForm):
    kind = forms.ChoiceField(label=_("Training or license"), choices=list(CREDENTIALS.items()))
    expires_on = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))


class PasswordForm(HouseForm):
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least twelve characters. It signs this person out everywhere and removes the PIN."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class HoursField(forms.Field):
    """`08:00-12:00, 13:00-17:00` as [["08:00", "12:00"], ["13:00", "17:00"]]; empty means closed."""

    def to_python(self, value: Any) -> list[list[str]]:
        spans = [_span(part) for part in (value or "").split(",") if part.strip()]
        for one, following in pairwise(spans):
            if following[0] < one[1]:
                raise forms.ValidationError(
                    _("The hours overlap: %(one)s and %(other)s.") % {"one": "-".join(one), "other": "-".join(following)}
                )
        return spans

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else words_of_hours(value or ())


def words_of_hours(spans: Iterable[Iterable[str]]) -> str:
    return ", ".join("-".join(span) for span in spans)


def _span(text: str) -> list[str]:
    try:
        opens, closes = (time.fromisoformat(part.strip().zfill(5)) for part in text.split("-"))
    except ValueError:
        raise forms.ValidationError(_("%(text)s is no span of time. Write 08:00-17:00.") % {"text": text.strip()}) from None
    if closes <= opens:
        raise forms.ValidationError(_("%(text)s closes before it opens.") % {"text": text.strip()})
    return [f"{opens:%H:%M}", f"{closes:%H:%M}"]


class LongSelect(forms.Select):
    """A choice among hundreds, written in one go: a template for each of them costs more than the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        lines = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == str(value) else "", words) for key, words in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {}))), lines)


@cache
def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")]


class LocationForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, widget=LongSelect)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    crash_cart = forms.CharField(
        label=_("Crash cart"), max_length=200, required=False, help_text=_("Where it stands, in the words a new colleague needs.")
    )
    bookable = forms.BooleanField(label=_("The public may ask for a visit here; its page stays either way"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, words in WEEKDAYS.items():
            self.fields[f"day_{day}"] = HoursField(label=words, required=False, widget=forms.TextInput(attrs={"class": "form-control"}))

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in WEEKDAYS]

    @property
    def about(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("day_")]

    def details(self) -> dict[str, Any]:
        """What the service takes: the plain fields, and the hours as weekday -> spans."""
        data = dict(self.cleaned_data)
        spans = {day: data.pop(f"day_{day}") for day in WEEKDAYS}
        return data | {"hours": {day: value for day, value in spans.items() if value}}

    @classmethod
    def of(cls, location: Location) -> LocationForm:
        plain = {name: getattr(location, name) for name in ("name", "time_zone", "address", "phone", "crash_cart", "bookable")}
        return cls(initial=plain | {f"day_{day}": location.hours.get(day, []) for day in WEEKDAYS})


class NewLocationForm(LocationForm):
    chairs = forms.IntegerField(
        label=_("Chairs"),
        min_value=0,
        max_value=200,
        initial=4,
        help_text=_("They are named Chair 1, Chair 2 and so on; rename them later."),
    )

    def details(self) -> dict[str, Any]:
        data = super().details()
        return data | {"chairs": [_("Chair %(n)s") % {"n": number + 1} for number in range(data["chairs"])]}


class ChairForm(HouseForm):
    name = forms.CharField(label=_("Chair"), max_length=60)
    position = forms.IntegerField(label=_("Place in the row"), min_value=0, max_value=999, required=False)


class AuditFilter(HouseForm):
    number = forms.CharField(label=_("Record number"), required=False, max_length=20)
    person: Any = forms.ModelChoiceField(label=_("Person"), queryset=None, required=False, empty_label=_("Anyone"), to_field_name="ref")
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Staff.objects.order_by("name")  # type: ignore[attr-defined]

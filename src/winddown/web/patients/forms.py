"""What people type in this room."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from winddown.record.models import Patient
from winddown.services import patients
from winddown.web.patients.words import LIMBS, SEX
from winddown.web.people.shell import HouseForm

OLDEST = date(1900, 1, 1)
CLOCKS_DIFFER = timedelta(minutes=2)


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class IdentityForm(HouseForm):
    family_name = forms.CharField(label=_("Family name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    given_name = forms.CharField(label=_("Given name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = DayField(label=_("Birth date"))
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("", _("Choose")), *SEX.items()], help_text=_("As the drug models use it: sex recorded at birth.")
    )

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if not OLDEST <= born <= localdate():
            raise forms.ValidationError(_("%(day)s cannot be. Check the year.") % {"day": date_format(born)})
        return born


class NewPatientForm(IdentityForm):
    record_number = forms.CharField(
        label=_("Record number"), max_length=20, required=False, help_text=_("Empty: the next free one. Or the number on your paper file.")
    )
    although = forms.CharField(label=_("Why this is another person"), max_length=300, required=False, widget=forms.HiddenInput)

    def clean_record_number(self) -> str:
        number = str(self.cleaned_data["record_number"]).strip()
        if number and Patient.objects.filter(record_number=number).exists():
            raise forms.ValidationError(_("%(number)s is in use. Leave it empty for the next free one.") % {"number": number})
        return number

    def ask_why(self) -> None:
        """Show the field that lets a likely duplicate pass, with its reason."""
        self.fields["although"].widget = forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"})


class FactForm(HouseForm):
    """One fact. `learned()` is what the service stores; numbers are decimal strings."""

    title: ClassVar[Any] = ""

    observed_at = forms.DateTimeField(
        label=_("When it was so"),
        required=False,
        help_text=_("Empty means now."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.order_fields([name for name in self.fields if name != "observed_at"])
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    def clean_observed_at(self) -> datetime:
        at: datetime = self.cleaned_data["observed_at"] or self.initial.get("observed_at") or self.now
        if at > self.now + CLOCKS_DIFFER:
            raise forms.ValidationError(_("This lies in the future. Write down what is known now."))
        if "observed_at" in self.initial and "observed_at" not in self.changed_data:
            at = self.initial["observed_at"]
        return at

    def learned(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name != "observed_at" and value not in ("", None)}


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


class WeightForm(FactForm):
    title = _("Weight")
    weight_kg = forms.DecimalField(
        label=_("Weight in kg"),
        max_digits=6,
        decimal_places=2,
        localize=False,
        help_text=_("As the scale shows it, without shoes and coat."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class HeightForm(FactForm):
    title = _("Height")
    height_cm = forms.DecimalField(
        label=_("Height in cm"),
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class AllergyForm(FactForm):
    title = _("Allergy")
    substance = forms.CharField(label=_("Substance"), max_length=120)
    reaction = forms.CharField(label=_("What happened"), max_length=200, required=False)


class NoKnownAllergiesForm(FactForm):
    title = _("No known allergies")


class ConditionForm(FactForm):
    title = _("Condition")
    words = forms.CharField(label=_("Condition"), max_length=200)


class MedicineForm(FactForm):
    title = _("Medicine")
    name = forms.CharField(label=_("Medicine"), max_length=120)
    dose = forms.CharField(label=_("Dose with its unit"), max_length=60, help_text=_("For example 300 mg."))
    schedule = forms.CharField(
        label=_("How often"), max_length=120, required=False, help_text=_("For example twice a day, last taken 07:00.")
    )
    route = forms.CharField(
        label=_("How it is taken"), max_length=60, required=False, help_text=_("For example by mouth, patch, injection.")
    )
    last_taken = forms.CharField(label=_("Last taken"), max_length=60, required=False, help_text=_("For example today 07:00."))


class LimbForm(FactForm):
    title = _("Affected limb")
    limb = forms.ChoiceField(
        label=_("Affected limb"),
        choices=[("", _("Choose")), *LIMBS.items()],
        help_text=_("No needle and no cuff there where it can be avoided."),
    )


class MobilityForm(FactForm):
    title = _("Mobility")
    words = forms.CharField(
        label=_("How this person moves"),
        max_length=200,
        help_text=_("For example: walks with a stick; wheelchair, two people for the transfer."),
    )


class PhoneForm(FactForm):
    title = _("Phone")
    number = forms.CharField(label=_("Phone number"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))


class NoteForm(FactForm):
    title = _("Note")
    words = forms.CharField(label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


FACT_FORMS: dict[str, type[FactForm]] = {
    "weight": WeightForm,
    "height": HeightForm,
    "allergy": AllergyForm,
    "no_known_allergies": NoKnownAllergiesForm,
    "condition": ConditionForm,
    "medicine": MedicineForm,
    "affected_limb": LimbForm,
    "mobility": MobilityForm,
    "phone": PhoneForm,
    "note": NoteForm,
}


class BecauseForm(HouseForm):
    because = forms.CharField(label=_("Why"), max_length=280, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ConsentForm(HouseForm):
    signed_on = DayField(label=_("Signed on"))
    expires_on = DayField(label=_("Valid until"))
    words = forms.CharField(
        label=_("What was signed"),
        max_length=300,
        required=False,
        help_text=_("For example: ketamine infusion consent, version 3, on paper."),
    )


class WithdrawalForm(HouseForm):
    words = forms.CharField(label=_("In the patient's words"), max_length=300)


class RecordNumberField(forms.CharField):
    """The record number of a patient of this practice who is not merged away, as that patient."""

    def clean(self, value: Any) -> Any:
        number = str(super().clean(value)).strip()
        found = Patient.objects.filter(record_number__iexact=number, merged_into__isnull=True).first()
        if found is None:
            raise forms.ValidationError(_("No record %(number)s that is open. Check the number on the patient list.") % {"number": number})
        return found


class OtherRecordForm(BecauseForm):
    """Another record and a reason: for a merge, and for a session charted on the wrong patient."""

    to = RecordNumberField(label=_("Record number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    field_order = ("to", "because")

    def __init__(self, *args: Any, but: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.but = but

    def clean_to(self) -> Patient:
        found: Patient = self.cleaned_data["to"]
        if found.pk == self.but.pk:
            raise forms.ValidationError(_("That is this record itself."))
        return found


def likely(form: NewPatientForm) -> list[Patient]:
    """The records that made the service hesitate."""
    asked = {name: form.cleaned_data[name] for name in ("family_name", "given_name", "birth_date")}
    return list(patients.likely_duplicates(**asked)[:3])

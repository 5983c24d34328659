"""What people type in this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from winddown.domain.controlled.products import DRUGS
from winddown.record.models import Product
from winddown.web.ledger.words import SCHEDULE_WORDS
from winddown.web.people.shell import HouseForm

DAY: dict[str, Any] = {"type": "date"}


def _whole() -> forms.NumberInput:
    return forms.NumberInput(attrs={"inputmode": "numeric"})


class ReceiveForm(HouseForm):
    """A delivery. The scan fills product, lot and expiry; whatever it leaves open is copied from the label."""

    scan = forms.CharField(
        label=_("Scan one vial or the box"),
        required=False,
        help_text=_("With a reader, the camera, or typed as printed under the code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "data-scan": "", "spellcheck": "false"}),
    )
    product: Any = forms.ModelChoiceField(label=_("Product"), queryset=None, required=False, empty_label=_("from the scan"))
    lot = forms.CharField(label=_("Lot"), max_length=60, required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False, widget=forms.DateInput(attrs=DAY))
    vials = forms.IntegerField(label=_("How many vials, counted"), min_value=1, max_value=200, widget=_whole())
    supplier = forms.CharField(label=_("Supplier"), max_length=200)
    supplier_number = forms.CharField(label=_("Supplier's registration number"), max_length=20, required=False)
    invoice = forms.CharField(label=_("Invoice"), max_length=80)
    serials = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        help_text=_("Scan each vial, one a line, where the maker numbers them."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["product"]
        field.queryset = Product.objects.filter(active=True).order_by("drug", "mg_per_ml")
        field.label_from_instance = lambda row: f"{row.name} · {row.ndc}"


class ProductForm(HouseForm):
    """A product off its label."""

    drug = forms.ChoiceField(label=_("Drug"), choices=[(drug, drug) for drug in DRUGS])
    schedule = forms.ChoiceField(label=_("Schedule"), choices=list(SCHEDULE_WORDS.items()), required=False)
    name = forms.CharField(label=_("Name on the label"), max_length=120, help_text=_("As people here call it, with strength and size."))
    mg_per_ml = forms.DecimalField(label=_("Strength, mg/mL"), min_value=0, max_digits=8, decimal_places=3)
    ml = forms.DecimalField(label=_("Size, mL"), min_value=0, max_digits=8, decimal_places=3)
    ndc = forms.CharField(label=_("National drug code"), max_length=14, help_text=_("With its hyphens, as 42023-113-10."))
    gtin = forms.CharField(
        label=_("Product number in the square code"), max_length=14, required=False, help_text=_("14 digits, if printed.")
    )
    maker = forms.CharField(label=_("Maker"), max_length=120, required=False)


class RegistrationForm(HouseForm):
    """Under which registration this location keeps controlled drugs."""

    registrant = forms.CharField(label=_("Registrant"), max_length=200)
    dea_number = forms.CharField(label=_("Registration number"), max_length=20)
    state_license = forms.CharField(label=_("State license"), max_length=60, required=False)
    schedules = forms.MultipleChoiceField(
        label=_("Schedules"),
        choices=[(key, words) for key, words in SCHEDULE_WORDS.items() if key],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(label=_("Expires on"), widget=forms.DateInput(attrs=DAY))
    field_office = forms.CharField(label=_("Field office: address, phone, mail"), max_length=200, required=False)


class AssayForm(HouseForm):
    """What a laboratory found in a sample."""

    sample = forms.CharField(label=_("Sample"), max_length=120, help_text=_("From which bag, vial or syringe, and how it was chosen."))
    laboratory = forms.CharField(label=_("Laboratory"), max_length=120)
    sampled_on = forms.DateField(label=_("Taken on"), widget=forms.DateInput(attrs=DAY))
    expected_mg_per_ml = forms.DecimalField(label=_("Expected, mg/mL"), min_value=0, max_digits=8, decimal_places=3)
    found_mg_per_ml = forms.DecimalField(label=_("Found, mg/mL"), min_value=0, max_digits=8, decimal_places=3)
    words = forms.CharField(label=_("Remarks"), max_length=300, required=False)


class PeriodForm(HouseForm):
    """From a day to a day, both included."""

    first_day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    last_day = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=DAY))

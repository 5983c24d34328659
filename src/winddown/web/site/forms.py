"""What editors type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as __

from winddown.domain.public_site.packaged import Words
from winddown.record.models import Location, SitePerson
from winddown.web.people.shell import HouseForm

LANGUAGE_NAMES = {"en": __("English"), "es": __("Spanish")}
_DAY = {"type": "date"}


class TextForm(HouseForm):
    """One language of a text."""

    title = forms.CharField(label=__("Title"), max_length=160)
    summary = forms.CharField(
        label=__("Summary, in one or two sentences"), max_length=400, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"})
    )
    body = forms.CharField(
        label=__("Text"),
        help_text=__("## a heading, * a list, [words](https://…) a link, [@KEY] a source, {pinprick} alone on a line: the figure."),
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true", "class": "form-control wd-plain-lines"}),
    )
    because = forms.CharField(label=__("What changes and why"), max_length=300)

    def words(self) -> Words:
        return Words(self.cleaned_data["title"], self.cleaned_data["summary"], self.cleaned_data["body"])


class ArticleForm(TextForm):
    language = forms.ChoiceField(label=__("Language"), choices=list(LANGUAGE_NAMES.items()))
    field_order = ("language", "title", "summary", "body", "because")


class ApproveForm(HouseForm):
    next_review_on = forms.DateField(label=__("To be read again by"), widget=forms.DateInput(attrs=_DAY))


class WithdrawForm(HouseForm):
    words = forms.CharField(label=__("Why it is taken off"), max_length=300)


class NoticeForm(HouseForm):
    en = forms.CharField(label=__("English"), max_length=200, required=False)
    es = forms.CharField(label=__("Spanish"), max_length=200, required=False)
    location: Any = forms.ModelChoiceField(label=__("Place"), queryset=None, required=False, empty_label=__("All places"))
    starts_on = forms.DateField(label=__("First day"), widget=forms.DateInput(attrs=_DAY))
    ends_on = forms.DateField(label=__("Last day"), widget=forms.DateInput(attrs=_DAY))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.order_by("name")  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "words": {code: told[code] for code in LANGUAGE_NAMES},
            **{key: told[key] for key in ("location", "starts_on", "ends_on")},
        }


class PlaceForm(HouseForm):
    bookable = forms.BooleanField(
        label=__("Strangers may ask for a visit here"),
        help_text=__("Without it the place keeps its page, and search engines are asked not to show it."),
        required=False,
    )
    slug = forms.SlugField(label=__("Its part of the address"), max_length=80)
    map_url = forms.URLField(label=__("Link to a map"), required=False, assume_scheme="https")
    en = forms.CharField(label=__("How to get here, in English"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    es = forms.CharField(label=__("How to get here, in Spanish"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def of(cls, place: Location) -> PlaceForm:
        told = {"bookable": place.bookable, "slug": place.address_slug, "map_url": place.map_url}
        return cls(initial=told | {code: (place.directions or {}).get(code, "") for code in LANGUAGE_NAMES})

    def details(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "directions": {code: told[code] for code in LANGUAGE_NAMES},
            **{key: told[key] for key in ("bookable", "slug", "map_url")},
        }


class PersonForm(HouseForm):
    shown = forms.BooleanField(label=__("Shown on the site"), required=False)
    letters = forms.CharField(label=__("Letters after the name"), max_length=60, required=False)
    position_en = forms.CharField(label=__("What they are here, in English"), max_length=120, required=False)
    position_es = forms.CharField(label=__("What they are here, in Spanish"), max_length=120, required=False)
    words_en = forms.CharField(
        label=__("A few sentences, in English"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    words_es = forms.CharField(
        label=__("A few sentences, in Spanish"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.IntegerField(label=__("Order on the page"), min_value=0, max_value=999, initial=0)

    @classmethod
    def of(cls, row: SitePerson | None) -> PersonForm:
        if row is None:
            return cls(initial={"shown": True})
        told: dict[str, Any] = {"shown": row.shown, "letters": row.letters, "place": row.place}
        for code in LANGUAGE_NAMES:
            told |= {f"position_{code}": row.position.get(code, ""), f"words_{code}": row.words.get(code, "")}
        return cls(initial=told)

    def details(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            **{key: told[key] for key in ("shown", "letters", "place")},
            "position": {code: told[f"position_{code}"] for code in LANGUAGE_NAMES},
            "words": {code: told[f"words_{code}"] for code in LANGUAGE_NAMES},
        }


class AnswerForm(HouseForm):
    shown_question = forms.CharField(
        label=__("The question as it may be shown"),
        help_text=__("Without a name or anything that tells who asked. The words as they came are kept."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
    )
    answer = forms.CharField(label=__("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true"}))


class AsideForm(HouseForm):
    words = forms.CharField(label=__("Why"), help_text=__("If you decline, whoever asked reads these words."), max_length=300)

"""The few kinds of field that a gloved hand can use: tiles to tap, numbers for the large pad, words, a photo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from winddown.domain.quantities import parse_decimal
from winddown.domain.refusals import Refusal

Option = tuple[Any, ...]


@dataclass(frozen=True)
class Tile:
    """One large button. `level`: calm, watch, act or nothing; it is never the only sign."""

    value: str
    words: str
    level: str = ""


class Tiles(forms.ChoiceField):
    """One of a few. `other`: the name of a free-text field beside it."""

    kind = "tiles"
    widget = forms.RadioSelect

    def __init__(self, *, options: Iterable[Option], other: str = "", wide: bool = False, **more: Any) -> None:
        self.tiles: Sequence[Tile] = [Tile(str(one[0]), one[1], str(one[2]) if len(one) > 2 else "") for one in options]
        self.other, self.wide = other, wide
        super().__init__(choices=[(tile.value, tile.words) for tile in self.tiles], **more)

    def offer(self, options: Iterable[Option]) -> None:
        """Put other tiles in their place, for choices that depend on the session."""
        self.tiles = [Tile(str(one[0]), one[1], str(one[2]) if len(one) > 2 else "") for one in options]
        self.choices = [(tile.value, tile.words) for tile in self.tiles]


class Number(forms.CharField):
    """A number for the large pad, read as a person types it: no comma, no exponent, no guess."""

    kind = "number"
    widget = forms.TextInput

    def __init__(self, *, unit: str, max_digits: int = 4, decimals: bool = False, **more: Any) -> None:
        self.unit, self.max_digits, self.decimals = unit, max_digits, decimals
        self.before = ""
        super().__init__(**more)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_decimal(text)
        except Refusal as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None


class Words(forms.CharField):
    """A sentence or two."""

    kind = "words"

    def __init__(self, *, rows: int = 2, max_length: int = 2000, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}), max_length=max_length, **more)


class Tick(forms.BooleanField):
    kind = "tick"


class Photo(forms.FileField):
    """A photo from the camera of the device."""

    kind = "photo"
    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment", "class": "form-control"})

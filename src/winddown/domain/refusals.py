"""The families of named refusal. A refusal names the value, the limit and the way out, in words a nurse can act on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Refusal(Exception):
    """A request that is not carried out. Never raised for a fact: facts are stored, then judged.

    because   one sentence with the value and the limit
    way_out   what the person can do now
    code      a stable name for tests, translations and counting
    where     the form field it belongs to, when there is one
    """

    because: str
    way_out: str = ""
    code: str = "refused"
    where: str = ""
    details: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.because} {self.way_out}".strip()


class UnknownWord(Refusal):
    """A unit, code, setting, model or state that is not on our list. The unknown stops; it never becomes a default."""

    def __init__(self, what: str, value: object, known: object = ()) -> None:
        names = ", ".join(sorted(str(name) for name in known)) if known else ""  # type: ignore[attr-defined]
        super().__init__(
            because=f"Unknown {what} {value!r}.",
            way_out=f"Known: {names}." if names else "",
            code="unknown_" + what.replace(" ", "_"),
        )


class OutOfRange(Refusal):
    """A number outside what can be true or what is allowed."""


class Missing(Refusal):
    """Something needed is not on file. `way_out` says where to record it."""


class NotAllowed(Refusal):
    """The person, the state or the rule does not permit the act."""


class Stale(Refusal):
    """The writer saw an older version than the one on file; both are shown, nothing is lost."""

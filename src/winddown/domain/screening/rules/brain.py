"""Brain and eye."""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_word

FAMILY = "brain"


def _eye(view: View) -> Fired | None:
    if view.yes("eye_surgery") and view.yes("open_globe"):
        return Fired("exclude", "An open globe is on file.", "Defer until the eye is closed and healed.")
    if view.yes("eye_surgery"):
        return Fired("review", "Eye surgery is planned, or an eye was injured.", "Ask the ophthalmologist.")
    if view.word("glaucoma") == "untreated":
        return Fired("review", "Untreated glaucoma is on file.", "Treat first, or ask the ophthalmologist.")
    return None


RULES = (
    Rule(
        "brain.intracranial",
        "Raised pressure in the skull",
        FAMILY,
        ("intracranial_pressure",),
        when_word(
            "intracranial_pressure",
            {
                "known": ("review", "A brain mass, hydrocephalus or a shunt is on file"),
                "severe": ("exclude", "Severely raised pressure in the skull is on file"),
            },
            "Ask the neurologist or neurosurgeon.",
        ),
        "COHEN18-GC grade C; CBF05",
        "published",
    ),
    Rule(
        "brain.eye",
        "Raised pressure in the eye, open globe",
        FAMILY,
        ("eye_surgery", "open_globe", "glaucoma"),
        _eye,
        "COHEN18-GC; JNJ-CV",
        "published",
    ),
    Rule(
        "brain.seizures",
        "Seizures",
        FAMILY,
        ("seizures",),
        when_word(
            "seizures",
            {
                "controlled": ("caution", "Seizures, controlled, are on file"),
                "uncontrolled": ("review", "Uncontrolled seizures are on file"),
            },
            "Keep the seizure medicine on the day.",
        ),
        "PHMX",
        "published",
    ),
    Rule(
        "brain.cognition",
        "Delirium, dementia, disorder of thinking",
        FAMILY,
        ("cognition",),
        when_word(
            "cognition",
            {
                "mild": ("review", "A disorder of memory or thinking is on file"),
                "dementia": ("review", "Dementia is on file"),
                "delirium": ("exclude", "Delirium is on file"),
            },
            "Assess capacity; speak with the family doctor and the person who helps.",
        ),
        "exclusions of two programs (TKC, VA-2nd)",
        "published",
    ),
)

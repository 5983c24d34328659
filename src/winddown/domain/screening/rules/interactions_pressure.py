"""Medicines that raise pressure or pulse together with ketamine."""

from __future__ import annotations

from winddown.domain.screening.rule import Rule, when_taking

FAMILY = "interactions"
MEDICINES = ("medicines",)

RULES = (
    Rule(
        "interaction.maoi",
        "MAO inhibitor",
        FAMILY,
        MEDICINES,
        when_taking(
            ("maoi",), "review", "watch the pressure; case reports with tranylcypromine saw no relevant change", "Pressure every 5 minutes."
        ),
        "SPR-BP; VER21",
        "published",
        kind="interaction",
    ),
    Rule(
        "interaction.stimulant",
        "Stimulant",
        FAMILY,
        MEDICINES,
        when_taking(
            ("stimulant", "noradrenergic"),
            "review",
            "pressure may rise more",
            "Sign whether to hold it on the day (unverified); pressure every 5 minutes.",
        ),
        "SPR-BP; holding it on the day is unverified",
        "published",
        kind="interaction",
    ),
    Rule(
        "interaction.ssri",
        "SSRI",
        FAMILY,
        MEDICINES,
        when_taking(("ssri",), "caution", "higher pressure peaks than without in 49 patients", "Do not stop it; watch the pressure."),
        "SZAR20",
        "published",
        kind="interaction",
    ),
    Rule(
        "interaction.pressor",
        "Sympathomimetic, vasopressin, thyroid hormone",
        FAMILY,
        MEDICINES,
        when_taking(
            ("sympathomimetic", "vasopressin", "thyroid_hormone"), "caution", "may add to pressure and pulse", "Record dose and last taken."
        ),
        "no text was seen",
        "unverified",
        kind="interaction",
    ),
    Rule(
        "interaction.ergometrine",
        "Ergometrine",
        FAMILY,
        MEDICINES,
        when_taking(("ergometrine",), "exclude", "contraindicated with esketamine", "Do not treat while it is taken."),
        "LBL-NO",
        "published",
        kind="interaction",
    ),
    Rule(
        "interaction.xanthine",
        "Theophylline, aminophylline",
        FAMILY,
        MEDICINES,
        when_taking(
            ("xanthine",),
            "exclude",
            "contraindicated with esketamine; may lower the threshold for a seizure",
            "Ask the lung doctor for another medicine.",
        ),
        "LBL-NO; the part on seizures is unverified",
        "published",
        kind="interaction",
    ),
)

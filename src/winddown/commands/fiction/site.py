"""The fictional clinic's public site: approved texts, one lapsed, a notice, its people, and strangers' questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from winddown.domain.public_site.packaged import Words
from winddown.record.models import Location, SiteQuestion, SiteText, Staff
from winddown.services.site import around, questions, texts

BECAUSE = "First version."
ARTICLES: tuple[tuple[str, Mapping[str, Words], int], ...] = (
    (
        "pinprick",
        {
            "en": Words(
                "What a pinprick can tell",
                "Why we touch your skin with blunt pins before and after a series, and what the numbers do and do not say.",
                "## What we do\n\nA nurse touches your skin with seven blunt pins of known force, in an order drawn by chance, and you say "
                "how strong each one feels. We do this where it hurts and at a place that does not hurt.\n\n## What it shows\n\nOn usual "
                "skin the same pin feels the same each time. Where pain has wound up, it feels stronger, and a quick row of pricks feels "
                "stronger still.\n\n{pinprick}\n\n## What it does not show\n\nIn some studies the oversensitive area became smaller under "
                "ketamine [@KOPP01] [@STUB97]; in others nothing changed [@KLEI07] [@KIEF08]. Nobody can read from a pinprick whether an "
                "infusion will help you. We use it to describe, and never to decide a dose.",
            ),
            "es": Words(
                "Lo que puede decir un pinchazo",
                "Por qué tocamos su piel con puntas romas antes y después de una serie, y qué dicen y qué no dicen los números.",
                "## Qué hacemos\n\nUna enfermera toca su piel con siete puntas romas de fuerza conocida, en un orden al azar, y usted dice "
                "qué tan fuerte siente cada una. Lo hacemos donde duele y en un lugar que no duele.\n\n## Qué muestra\n\nEn la piel "
                "habitual la misma punta se siente igual cada vez. Donde el dolor se ha acumulado se siente más fuerte, y una serie rápida "
                "de pinchazos, todavía más.\n\n{pinprick}\n\n## Qué no muestra\n\nEn algunos estudios la zona demasiado sensible se hizo "
                "más pequeña con la ketamina [@KOPP01] [@STUB97]; en otros no cambió nada [@KLEI07] [@KIEF08]. Nadie puede leer en un "
                "pinchazo si una infusión le ayudará. Lo usamos para describir, nunca para decidir una dosis.",
            ),
        },
        60,
    ),
    (
        "day",
        {
            "en": Words(
                "The day of your infusion",
                "What to bring, what to leave out, and who has to come with you.",
                "## Before you come\n\nFollow what the clinic told you about eating and drinking. Take your medicines as it was agreed "
                "with you, and bring the list.\n\n## Who comes with you\n\nAn adult you name takes you home. Without that person the "
                "infusion does not start.\n\n## What many people feel\n\nFar away, dizzy, sick, or very tired. Say so at once when it is "
                "too much: the nurse holds the pump.\n\n## Afterwards\n\nDo not drive until the next day, after a night's sleep "
                "[@SPR-MON]. Do not drink alcohol and do not sign important papers on that day.",
            ),
        },
        150,
    ),
    (
        "bladder",
        {
            "en": Words(
                "Ketamine and the bladder",
                "Repeated use can irritate the bladder. What to tell us, and what we ask at every series.",
                "## What is known\n\nPeople who use ketamine often and in large amounts can get a painful bladder [@KIC22]. How often it "
                "happens after infusions in a clinic is not well known.\n\n## What to tell us\n\nGoing more often, pain, urgency, blood: "
                "call us, and do not wait for the next visit.",
            ),
        },
        400,
    ),
)
ASKED = (
    ("I take lamotrigine for my mood. Do I have to stop it before an infusion?", "en", 30),
    ("¿Puede venir mi hija conmigo y quedarse en la sala durante la infusión?", "es", 5),
    ("My CRPS is in the left foot and I use a wheelchair. Is there a step at the door in Sandusky?", "en", 70),
)
PEOPLE = (
    (
        "director@lakeshore.test",
        "MD",
        {"en": "Program director", "es": "Directora del programa"},
        {"en": "Signs the protocols and reads every adverse event.", "es": "Firma los protocolos y lee cada evento adverso."},
    ),
    (
        "prescriber@lakeshore.test",
        "MD",
        {"en": "Pain physician", "es": "Médica del dolor"},
        {
            "en": "Sees you before a series, and supervises the infusions in Sandusky.",
            "es": "Le ve antes de una serie y supervisa las infusiones en Sandusky.",
        },
    ),
    (
        "nurse@lakeshore.test",
        "RN",
        {"en": "Infusion nurse", "es": "Enfermera de infusión"},
        {"en": "Is with you while it runs.", "es": "Está con usted mientras dura."},
    ),
)


def write(places: Mapping[str, Location], *, now: datetime) -> None:
    """Once. Everything is written by one person and approved by another, on days in the past."""
    if SiteText.objects.exists():
        return
    staff = {row.account.email: row for row in Staff.objects.select_related("account")}
    director, prescriber = staff["director@lakeshore.test"], staff["prescriber@lakeshore.test"]
    nurse, desk = staff["nurse@lakeshore.test"], staff["desk@lakeshore.test"]
    _approve(texts.therapy_page(by=nurse, now=now - timedelta(days=80)), by=director, at=now - timedelta(days=75), days=365)
    for slug, words, age in ARTICLES:
        at = now - timedelta(days=age)
        text = texts.open_article(words["en"].title, slug=slug, by=nurse, now=at)
        for language, each in words.items():
            texts.write(text, language, each, because=BECAUSE, by=nurse, now=at)
        _approve(text, by=prescriber, at=at + timedelta(days=2), days=365)
    for place, (email, letters, position, told) in enumerate(PEOPLE):
        around.present_person(
            staff[email], shown=True, letters=letters, position=position, words=told, place=place, by=desk, now=now - timedelta(days=70)
        )
    _places(places, desk, now)
    _questions(nurse, prescriber, now)


def _approve(text: SiteText, *, by: Staff, at: datetime, days: int) -> None:
    for language in texts.LANGUAGES:
        version = texts.newest_version(text, language)
        if version is not None:
            texts.approve(version, next_review_on=at.date() + timedelta(days=days), by=by, now=at)


def _places(places: Mapping[str, Location], desk: Staff, now: datetime) -> None:
    directions = {
        "Sandusky": {"en": "The door is on the side of the lake, without a step.", "es": "La puerta está del lado del lago, sin escalón."},
        "Fargo": {"en": "Second floor; there is an elevator.", "es": "Segundo piso; hay ascensor."},
    }
    for name, place in places.items():
        around.show_place(place, bookable=True, slug="", map_url="", directions=directions.get(name, {}), by=desk, now=now)
    around.post_notice(
        {"en": "New Sandusky location now open.", "es": "Nuestra nueva sede de Sandusky ya está abierta."},
        location=places["Sandusky"],
        starts_on=(now - timedelta(days=10)).date(),
        ends_on=(now + timedelta(days=50)).date(),
        by=desk,
        now=now - timedelta(days=10),
    )


def _questions(nurse: Staff, prescriber: Staff, now: datetime) -> None:
    article = SiteText.objects.get(kind="article", slug="day")
    for place, (words, language, hours) in enumerate(ASKED):
        at = now - timedelta(hours=hours)
        questions.ask(article, words, language=language, address=f"192.0.2.{place + 1}", too_quick=False, trapped=False, now=at)
    answered = SiteQuestion.objects.get(fingerprint__isnull=False, words=ASKED[2][0])
    questions.answer(
        answered,
        shown_question="Is there a step at the door in Sandusky? I use a wheelchair.",
        words="There is no step: the door on the side of the lake is level, and the chairs can be reached with a wheelchair.",
        release=True,
        by=nurse,
        now=now - timedelta(hours=20),
    )

"""The kinds of message that leave the house, with their words. A new kind is one entry here.

A message is read over a shoulder and on a locked screen. Its words name the clinic, a time, a place and a link, and nothing of the body,
the drug, a diagnosis or a score. Nothing in it says that somebody reads along, and no message asks for a reply.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from string import Formatter
from typing import Literal

from winddown.domain.instruments.instrument import Words, both, said
from winddown.domain.refusals import Missing, UnknownWord

Channel = Literal["email", "sms"]
CHANNELS: tuple[Channel, ...] = ("email", "sms")
LINK, STOP = "link", "stop"
AT_SENDING = frozenset({LINK, STOP})
LONGEST_VALUE = 160


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    what       its name on the staff's page
    title      the subject line of an email
    words      the text; {clinic} is given by the sender of every message, the other names by who posts it
    lasts      how long after it was due it still says something true
    stoppable  a reminder: not sent to an address that asked to be left alone, and it carries a way to stop
    by_night   may leave between 21:00 and 08:00 where the reader is
    """

    key: str
    what: Words
    title: Words
    words: Words
    lasts: timedelta = timedelta(hours=20)
    stoppable: bool = True
    by_night: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """The names of the values that the words ask for, in any language."""
        texts = (*self.title.values(), *self.words.values())
        return frozenset(name for text in texts for _said, name, _spec, _conversion in Formatter().parse(text) if name)


@dataclass(frozen=True)
class Letter:
    """A message in its words: {link} and {stop} still stand where the addresses will."""

    title: str
    words: str
    language: str


_STOP = both("Stop these messages: {stop}", "No recibir más mensajes: {stop}")
_NO_REPLY = both("Nobody reads replies to this message.", "Nadie lee las respuestas a este mensaje.")


def _table(*kinds: Kind) -> Mapping[str, Kind]:
    return {kind.key: kind for kind in kinds}


KINDS: Mapping[str, Kind] = _table(
    Kind(
        "diary",
        both("Daily questions", "Preguntas del día"),
        both("{clinic}: your short questions", "{clinic}: sus preguntas breves"),
        both("{clinic}: your short questions for today are here: {link}", "{clinic}: sus preguntas breves de hoy están aquí: {link}"),
        timedelta(hours=10),
    ),
    Kind(
        "diary_again",
        both("Reminder of the questions", "Recordatorio de las preguntas"),
        both("{clinic}: your short questions", "{clinic}: sus preguntas breves"),
        both("{clinic}: your short questions are still open: {link}", "{clinic}: sus preguntas breves siguen abiertas: {link}"),
        timedelta(hours=6),
    ),
    Kind(
        "morning_check",
        both("Questions of the next morning", "Preguntas de la mañana siguiente"),
        both("{clinic}: a few questions this morning", "{clinic}: unas preguntas esta mañana"),
        both(
            "{clinic}: please answer a few questions before noon: {link} If something is wrong, call us at {phone}; in an emergency call "
            "your local emergency number.",
            "{clinic}: por favor responda unas preguntas antes del mediodía: {link} Si algo va mal, llámenos al {phone}; en una emergencia "
            "llame al número de emergencias de su localidad.",
        ),
        timedelta(hours=5),
    ),
    Kind(
        "pick_up",
        both("Pick-up time", "Hora de recogida"),
        both("{clinic}: pick-up time", "{clinic}: hora de recogida"),
        both(
            "{clinic}: please be at {place} from about {when}. The time can change; we write again once if it does. Questions: {phone}",
            "{clinic}: por favor esté en {place} desde las {when} aproximadamente. La hora puede cambiar; si cambia le escribimos una vez "
            "más. Preguntas: {phone}",
        ),
        timedelta(hours=3),
        by_night=True,
    ),
    Kind(
        "pick_up_moved",
        both("Pick-up time has moved", "Cambió la hora de recogida"),
        both("{clinic}: new pick-up time", "{clinic}: nueva hora de recogida"),
        both(
            "{clinic}: the time has moved. Please be at {place} from about {when}. Questions: {phone}",
            "{clinic}: la hora cambió. Por favor esté en {place} desde las {when} aproximadamente. Preguntas: {phone}",
        ),
        timedelta(hours=3),
        by_night=True,
    ),
    Kind(
        "forms",
        both("Questions to answer", "Preguntas por responder"),
        both("{clinic}: questions for you", "{clinic}: preguntas para usted"),
        both("{clinic}: there are questions for you to answer: {link}", "{clinic}: hay preguntas para usted: {link}"),
        timedelta(days=2),
    ),
    Kind(
        "visit_booked",
        both("Visit booked", "Cita reservada"),
        both("{clinic}: your visit", "{clinic}: su cita"),
        both(
            "{clinic}: your visit is on {when} at {place}. See or change it: {link}",
            "{clinic}: su cita es el {when} en {place}. Véala o cámbiela: {link}",
        ),
        timedelta(days=2),
        stoppable=False,
    ),
    Kind(
        "visit_kept",
        both("Visit to confirm", "Cita por confirmar"),
        both("{clinic}: please confirm your visit", "{clinic}: confirme su cita"),
        both(
            "{clinic}: {when} at {place} is kept for you until {until}. Confirm it here: {link}",
            "{clinic}: {when} en {place} queda reservado para usted hasta las {until}. Confírmelo aquí: {link}",
        ),
        timedelta(hours=1),
        stoppable=False,
        by_night=True,
    ),
    Kind(
        "visit_tomorrow",
        both("Questions of the evening before", "Preguntas de la víspera"),
        both("{clinic}: three questions before {when}", "{clinic}: tres preguntas antes del {when}"),
        both(
            "{clinic}: your visit is on {when} at {place}. Please answer three questions this evening: {link}",
            "{clinic}: su cita es el {when} en {place}. Por favor responda tres preguntas esta noche: {link}",
        ),
        timedelta(hours=12),
    ),
    Kind(
        "visit_moved",
        both("Visit moved", "Cita cambiada"),
        both("{clinic}: your visit has moved", "{clinic}: su cita cambió"),
        both(
            "{clinic}: your visit is now on {when} at {place}. Details: {link}",
            "{clinic}: su cita es ahora el {when} en {place}. Detalles: {link}",
        ),
        timedelta(days=2),
        stoppable=False,
    ),
    Kind(
        "visit_cancelled",
        both("Visit cancelled", "Cita anulada"),
        both("{clinic}: your visit is cancelled", "{clinic}: su cita se anuló"),
        both(
            "{clinic}: your visit on {when} at {place} is cancelled. Questions: {phone}",
            "{clinic}: su cita del {when} en {place} se anuló. Preguntas: {phone}",
        ),
        timedelta(days=2),
        stoppable=False,
    ),
    Kind(
        "visit_reminder",
        both("Reminder of a visit", "Recordatorio de una cita"),
        both("{clinic}: your visit on {when}", "{clinic}: su cita del {when}"),
        both(
            "{clinic}: your visit is on {when} at {place}. What to know before: {link}",
            "{clinic}: su cita es el {when} en {place}. Qué debe saber antes: {link}",
        ),
    ),
    Kind(
        "visit_offer",
        both("An earlier time is free", "Hay una hora antes"),
        both("{clinic}: a time is free", "{clinic}: hay una hora libre"),
        both(
            "{clinic}: a time is free on {when} at {place}. The first yes gets it: {link}",
            "{clinic}: hay una hora libre el {when} en {place}. La obtiene quien primero diga que sí: {link}",
        ),
        timedelta(hours=2),
    ),
    Kind(
        "visit_asked",
        both("A visit was asked for", "Se pidió una cita"),
        both("{clinic}: we have your request", "{clinic}: recibimos su solicitud"),
        both(
            "{clinic}: we have your request for a visit. See or change it: {link}",
            "{clinic}: recibimos su solicitud de cita. Véala o cámbiela: {link}",
        ),
        timedelta(days=1),
        stoppable=False,
        by_night=True,
    ),
    Kind(
        "sign_in",
        both("Link to sign in", "Enlace para entrar"),
        both("{clinic}: your link to sign in", "{clinic}: su enlace para entrar"),
        both(
            "{clinic}: your link to sign in, for a short time and once: {link} If you did not ask for it, leave it.",
            "{clinic}: su enlace para entrar, por poco tiempo y una sola vez: {link} Si usted no lo pidió, no haga nada.",
        ),
        timedelta(minutes=30),
        stoppable=False,
        by_night=True,
    ),
    Kind(
        "own_invite",
        both("Invitation to own pages", "Invitación a las páginas propias"),
        both("{clinic}: your own pages", "{clinic}: sus páginas propias"),
        both(
            "{clinic}: your own pages are ready. This link works once, within three days: {link} If you do not know us, leave it.",
            "{clinic}: sus páginas propias están listas. Este enlace sirve una vez, en tres días: {link} Si no nos conoce, no haga nada.",
        ),
        timedelta(days=3),
        stoppable=False,
        by_night=True,
    ),
    Kind(
        "new_message",
        both("A message waits", "Hay un mensaje"),
        both("{clinic}: a message for you", "{clinic}: un mensaje para usted"),
        both("{clinic}: there is a message for you: {link}", "{clinic}: hay un mensaje para usted: {link}"),
        timedelta(days=2),
    ),
    Kind(
        "letter_link",
        both("Letter to another clinician, by a link", "Carta a otro profesional, por enlace"),
        both("{clinic}: a letter for you", "{clinic}: una carta para usted"),
        both(
            "{clinic}: a letter for you waits here and opens once: {link} The clinic tells you its code by telephone: {phone}",
            "{clinic}: aquí le espera una carta que se abre una sola vez: {link} La clínica le dice el código por teléfono: {phone}",
        ),
        timedelta(days=3),
        stoppable=False,
        by_night=True,
    ),
    Kind(
        "letter_attached",
        both("Letter to another clinician, attached", "Carta a otro profesional, adjunta"),
        both("{clinic}: a letter for you", "{clinic}: una carta para usted"),
        both(
            "{clinic}: a letter for you is attached. Questions: {phone}",
            "{clinic}: se adjunta una carta para usted. Preguntas: {phone}",
        ),
        timedelta(days=3),
        stoppable=False,
        by_night=True,
    ),
    Kind(
        "staff_task",
        both("To staff: a task waits", "Al personal: hay una tarea"),
        both("Winddown: a task waits for you", "Winddown: le espera una tarea"),
        both(
            "{clinic}: a task waits for you in Winddown. Sign in to see it.", "{clinic}: le espera una tarea en Winddown. Entre para verla."
        ),
        stoppable=False,
        by_night=True,
    ),
)


def kind_of(key: str) -> Kind:
    """The kind, or UnknownWord."""
    found = KINDS.get(key)
    if found is None:
        raise UnknownWord("kind of message", key, KINDS)
    return found


def write(kind: Kind, values: Mapping[str, str], *, language: str, channel: Channel) -> Letter:
    """The message in its words, in that language or English.

    values   what the words ask for, {clinic} among them; one line each, cut at 160 signs; the link is put in when it leaves
    refuses  Missing for a value that the words ask for, UnknownWord for one that they do not
    """
    needed = kind.needs - AT_SENDING
    for name in sorted(needed):
        if not str(values.get(name, "")).strip():
            raise Missing(
                because=f"A message of this kind ({kind.key}) needs {name}.", way_out="Give it.", code="message_value_missing", where=name
            )
    for name in values:
        if name not in needed:
            raise UnknownWord("value of a message", name, needed)
    plain = {name: _one_line(value) for name, value in values.items()} | {name: f"{{{name}}}" for name in AT_SENDING}
    language = language if language in kind.words else language.split("-")[0]
    language = language if language in kind.words else "en"
    parts = [kind.words] + ([_NO_REPLY] if channel == "email" else []) + ([_STOP] if kind.stoppable else [])
    between = "\n\n" if channel == "email" else " "
    text = between.join(said(part, language) for part in parts)
    return Letter(said(kind.title, language).format(**plain), text.format(**plain), language)


def _one_line(value: object) -> str:
    """One line, no braces: a value is never a pattern, and never a second header of an email."""
    return re.sub(r"\s+", " ", str(value)).replace("{", "(").replace("}", ")").strip()[:LONGEST_VALUE]

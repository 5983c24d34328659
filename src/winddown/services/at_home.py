"""The clock of the diary: once a minute, what is asked and reminded, and what a person must do because nobody answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from winddown.domain.followup import reminders, schedule
from winddown.domain.followup.reminders import Asked
from winddown.domain.followup.schedule import BLOCK, NOON, Home, Slot
from winddown.domain.messages.kinds import Channel
from winddown.domain.tasks.kinds import SAME_DAY
from winddown.record.models import Location, Patient
from winddown.record.queries import followup
from winddown.record.queries.followup import AtHome
from winddown.record.scope import at_practice
from winddown.services import diary, instruments, links, messages, suicide_safety, tasks

Deed = Callable[[], int]
log = logging.getLogger("winddown.at_home")

YEAR, RECENT = timedelta(days=400), timedelta(days=75)
KINDS = ("diary", "diary_again", "morning_check")
TASK_KINDS = ("morning_unanswered", "contact_check", "diary_silent")
DAILY, MORNING, CONTACT = ("evening", "week", "two_weeks"), "morning", "contact"
STILL_SENT, CHOSEN_HOUR = timedelta(hours=6), timedelta(hours=1)
# Asked by telephone the evening before, or early that morning, and entered: it is not asked a second time.
ASKED_BEFORE = timedelta(hours=15)
CALL_WITHIN = timedelta(hours=4)


def look(practice_id: int, *, now: datetime) -> int:
    """Ask everybody who is due, in a transaction each; how many messages and tasks came of it. A failure is logged and holds up nobody."""
    done = 0
    for person, deeds in _all_deeds(practice_id, now=now):
        try:
            with at_practice(practice_id):
                done += sum(deed() for deed in deeds)
        except Exception:
            log.exception("the diary of %s could not be looked at", person.patient.ref)
    return done


def _all_deeds(practice_id: int, *, now: datetime) -> list[tuple[AtHome, list[Deed]]]:
    """What there is to do for whom. What was answered and sent is read only of those to whom a slot may ask something at this moment."""
    with at_practice(practice_id):
        screener_has_text = instruments.form_for("c-ssrs-contact", "en")[0].has_text
        zone = Location.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC"
        people = [(person, _due(person, zone, now=now)) for person in followup.at_home(since=now - YEAR)]
        asked = [(person, due) for person, due in people if any(_may_ask(slot, screener_has_text, now=now) for slot in due[1])]
        if asked:
            followup.told([person for person, _due in asked], since=now - YEAR, recent=now - RECENT, kinds=KINDS, task_kinds=TASK_KINDS)
    turns = [(person, _turn(person, due, screener_has_text, now=now)) for person, due in asked]
    return [(person, deeds) for person, deeds in turns if deeds]


def _may_ask(slot: Slot, screener_has_text: bool, *, now: datetime) -> bool:
    """Whether this slot can ask for anything at this moment, whatever was answered."""
    if slot.form_set.key in DAILY:
        return slot.opens_at <= now < slot.opens_at + STILL_SENT
    if slot.form_set.key == CONTACT:
        return (slot.closes_at if screener_has_text else slot.opens_at) <= now
    return slot.form_set.key == MORNING and slot.opens_at <= now < slot.closes_at


def _home(person: AtHome, zone: str) -> Home:
    contact = person.contact
    return Home(contact.zone, contact.hour) if contact else Home(zone)


def _due(person: AtHome, zone: str, *, now: datetime) -> tuple[Home, tuple[Slot, ...]]:
    """Where the patient's clock stands, and the slots of the last days."""
    protocol = person.course.protocol.data
    if person.schedule is not None:
        rows = schedule.from_data(person.schedule)
    else:
        rows = schedule.from_data(protocol[BLOCK]["rows"]) if BLOCK in protocol else schedule.packaged(protocol["track"])
    home = _home(person, zone)
    today = home.day_of(now)
    near = (today - timedelta(days=3), today)
    found = schedule.slots(rows, course_opened_at=person.course.opened_at, sessions_ended_at=person.ended, home=home, between=near)
    return home, found


def _turn(person: AtHome, due: tuple[Home, tuple[Slot, ...]], screener_has_text: bool, *, now: datetime) -> list[Deed]:
    """What there is to do for one patient, worked out without a question to the database."""
    home, slots = due
    deeds = [_morning(person, slot, home, now=now) for slot in slots if slot.form_set.key == MORNING]
    deeds += [_contact(person, slot, screener_has_text, now=now) for slot in slots if slot.form_set.key == CONTACT]
    return [deed for deed in (*deeds, _daily(person, home, slots, now=now)) if deed is not None]


def _open(person: AtHome, slot: Slot, home: Home, *, now: datetime) -> bool:
    """Whether something of the slot is still to answer and not asked too soon. Half an evening is an answer."""
    if slot.form_set.key == "evening" and any(schedule.answered(slot, key, person.given.get(key, ())) for key in slot.form_set.instruments):
        return False
    for key in slot.form_set.instruments:
        given, interval = person.given.get(key, ()), instruments.form_of(key).minimum_interval_days.value
        if not schedule.answered(slot, key, given) and not schedule.too_soon(given, interval, home, at=now):
            return True
    return False


def _may_be_asked(person: AtHome, home: Home, *, now: datetime) -> bool:
    contact = person.contact
    if contact is None or contact.stopped:
        return False
    return contact.paused_until is None or contact.paused_until <= home.day_of(now)


def _post(person: AtHome, kind: str, key: str, *, channel: Channel | None, by_night: bool = False, now: datetime, **values: str) -> int:
    """Make one message with the diary's link: 1, or 0 when the address asked to be left alone."""
    link = diary.link_for(person.patient, now=now)
    told = {"link": links.path_of(link), **values}
    subject = f"diary:{person.patient.ref}"
    told_to = {"patient": person.patient, "channel": channel, "by_night": by_night}
    message = messages.post(kind=kind, values=told, subject=subject, key=key, now=now, **told_to)  # type: ignore[arg-type]
    return int(message is not None and message.made_at == now)


def key_of(kind: str, patient: Patient, day: date) -> str:
    """The key of the one message of this kind on this day."""
    return f"{kind}:{patient.ref}:{day.isoformat()}"


def _daily(person: AtHome, home: Home, slots: Sequence[Slot], *, now: datetime) -> Deed | None:
    """The message of the day: one, whatever is due; once more some hours later while the patient usually answers."""
    fresh = [slot for slot in slots if slot.form_set.key in DAILY and _may_ask(slot, True, now=now) and _open(person, slot, home, now=now)]
    if not fresh or not _may_be_asked(person, home, now=now):
        return None
    day = fresh[0].day
    decision = reminders.decide(_history(person, home), today=day)
    subject = f"silent:{person.patient.ref}:{home.day_of(person.ended[-1]).isoformat()}"
    if decision.gives_up:
        silent = partial(_silent, person.patient, subject, decision.because, now=now)
        return None if ("diary_silent", subject) in person.tasks else silent
    if not decision.ask:
        return None
    channel = _way(person, decision.other_way)
    key, later = key_of("diary", person.patient, day), key_of("again", person.patient, day)
    sent = {each for _kind, each, _at, _state in person.sent}
    if key not in sent:
        chosen = now < fresh[0].opens_at + CHOSEN_HOUR
        return partial(_post, person, "diary", key, channel=channel, by_night=chosen, now=now)
    again = decision.again and later not in sent and now >= fresh[0].opens_at + timedelta(hours=reminders.AGAIN_AFTER_HOURS)
    return partial(_post, person, "diary_again", later, channel=channel, now=now) if again else None


def _history(person: AtHome, home: Home) -> list[Asked]:
    """The days since the last infusion on which a message of the day was made, and whether an answer came between it and the next."""
    ended = home.day_of(person.ended[-1])
    days = {date.fromisoformat(key.rsplit(":", 1)[1]) for kind, key, _at, _state in person.sent if kind == "diary"}
    asked = sorted(day for day in days if day > ended)
    answered = sorted(home.day_of(at - timedelta(hours=home.hour)) for each in person.given.values() for at in each)
    found = []
    for place, day in enumerate(asked):
        until = asked[place + 1] if place + 1 < len(asked) else date.max
        found.append(Asked(day, any(day <= at < until for at in answered)))
    return found


def _way(person: AtHome, other: bool) -> Channel | None:
    """The other address when the preferred one was ignored and there is another."""
    contact = person.contact
    if contact is None or not other:
        return None
    return "sms" if contact.channel == "email" and contact.phone else "email" if contact.channel == "sms" and contact.email else None


def _morning(person: AtHome, slot: Slot, home: Home, *, now: datetime) -> Deed | None:
    """The morning after: asked by itself, and a task at noon when nobody answered, also when nobody could be asked."""
    if not _may_ask(slot, True, now=now) or not _open(person, slot, home, now=now):
        return None
    key = key_of("morning", person.patient, slot.day)
    asked = any(sent == key for _kind, sent, _at, _state in person.sent)
    if now >= home.at(slot.day, NOON):
        subject = f"morning:{person.patient.ref}:{slot.day.isoformat()}"
        words = f"The check of the morning after {'was sent and not answered by noon' if asked else 'could not be sent'}."
        task = partial(_open_task, person.patient, "morning_unanswered", words, subject, within=CALL_WITHIN, now=now)
        return None if ("morning_unanswered", subject) in person.tasks else task
    reached = person.contact is not None and not person.contact.stopped
    return partial(_ask_in_the_morning, person, key, now=now) if reached and not asked else None


def _ask_in_the_morning(person: AtHome, key: str, *, now: datetime) -> int:
    phone = suicide_safety.place_of(person.patient).phone or "-"
    return _post(person, "morning_check", key, channel=None, now=now, phone=phone)


def _contact(person: AtHome, slot: Slot, has_text: bool, *, now: datetime) -> Deed | None:
    """The suicide questions since the last contact: by a person where the clinic has no licensed text, and where nobody answered."""
    last = max((at for at in person.ended if at < slot.opens_at), default=slot.opens_at - ASKED_BEFORE)
    subject = f"contact:{person.patient.ref}:{slot.day.isoformat()}"
    answered = any(slot.opens_at - ASKED_BEFORE <= at < slot.closes_at and at > last for at in person.given.get("c-ssrs-contact", ()))
    if not _may_ask(slot, has_text, now=now) or answered or ("contact_check", subject) in person.tasks:
        return None
    words = f"Day {slot.after_days}: ask the suicide questions since the last contact" + (
        " (asked at home, not answered)." if has_text else "."
    )
    return partial(_open_task, person.patient, "contact_check", words, subject, within=SAME_DAY, now=now)


def _silent(patient: Patient, subject: str, because: str, *, now: datetime) -> int:
    _open_task(
        patient, "diary_silent", f"The diary is silent: {because}. Reminders have ended.", subject, within=timedelta(days=2), now=now
    )
    return 1


def _open_task(patient: Patient, kind: str, words: str, subject: str, *, within: timedelta, now: datetime) -> int:
    tasks.open_task(
        kind=kind,
        urgency="soon" if kind == "diary_silent" else "same_day",
        words=words,
        location=suicide_safety.place_of(patient),
        patient=patient,
        subject=subject,
        due_at=now + within,
        now=now,
    )
    return 1

"""Questions from strangers: kept, held, answered by a clinician, released into the library without a name. Nothing is public before that.

Red words are never refused, whatever else is wrong with the way they came. What tells who wrote is not asked for and not kept: of the
network there is a keyed mark that changes every day, to count by.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from winddown.domain.public_site import questions as looking
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.domain.suicide_safety import follow
from winddown.domain.tasks.kinds import SAME_DAY
from winddown.domain.words import uncut
from winddown.record.models import Location, SiteQuestion, SiteQuestionAct, SiteText, Staff, Task
from winddown.record.scope import current_practice_id
from winddown.services import audit, permissions, tasks

PER_HOUR, PER_HOUR_OF_ALL = 5, 60
TWICE_WITHIN = timedelta(days=30)
KEPT_AT_MOST = 20_000
READ_WITHIN, ANSWER_WITHIN = timedelta(hours=1), timedelta(days=2)
WAITING = "questions"
_LOCK = 7_410_022


def network_mark(address: str, *, now: datetime) -> str:
    """A keyed mark of the network an address is in, different every day and in every practice: enough to count, useless to trace."""
    try:
        host = ipaddress.ip_address(address)
        network = str(host) if host.version == 4 else str(ipaddress.ip_network(f"{host}/64", strict=False))
    except ValueError:
        network = "unknown"
    return salted_hmac("winddown.site.network", f"{current_practice_id()}|{now:%Y-%m-%d}|{network}", algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def ask(text: SiteText | None, words: str, *, language: str, address: str, too_quick: bool, trapped: bool, now: datetime) -> SiteQuestion:
    """A stranger's question, waiting for a clinician. The same words again within a month are the question there is.

    Words of harm are taken in whatever their length, however they came, and however many came before.
    too_quick   sent faster than a person types; trapped: a field that no person sees was filled. Refused, unless words of harm are in it
    refuses     Missing, OutOfRange for the words; NotAllowed when too much comes from one network or from everywhere
    """
    held = looking.holds(words)
    harm = bool(looking.HARM.intersection(held))
    told = words.replace("\x00", "")[:KEPT_AT_MOST] if harm else looking.checked(words)
    network = network_mark(address, now=now)
    _one_at_a_time()
    known = _the_same(text, told, network if harm else "", now)
    if known is not None:
        return known
    if not harm:
        _refuse_machines(too_quick=too_quick, trapped=trapped)
        _refuse_floods(network, now)
    known = SiteQuestion(
        text=text,
        language=language,
        words=told,
        held=list(held),
        received_at=now,
        network=network,
        fingerprint=looking.fingerprint(told),
    )
    known.save()
    audit.note("question from the site", by=None, now=now, subject=str(known.ref))
    _open_tasks(known, now)
    return known


def _the_same(text: SiteText | None, told: str, network: str, now: datetime) -> SiteQuestion | None:
    """The same words not long ago. Words of harm are the same only from the same network: two people may say them alike."""
    rows = SiteQuestion.objects.filter(fingerprint=looking.fingerprint(told), text=text, received_at__gt=now - TWICE_WITHIN)
    found: SiteQuestion | None = (rows.filter(network=network) if network else rows).order_by("id").first()
    return found


def _refuse_machines(*, too_quick: bool, trapped: bool) -> None:
    if trapped:
        raise NotAllowed(
            because="A field that must stay empty was filled.", way_out="Leave the field “website” empty and send again.", code="trapped"
        )
    if too_quick:
        raise NotAllowed(
            because="That was sent faster than a person types.",
            way_out="Wait a few seconds, then send again: your words are still here.",
            code="too_quick",
        )


def _refuse_floods(network: str, now: datetime) -> None:
    recent = SiteQuestion.objects.filter(received_at__gt=now - timedelta(hours=1))
    if recent.filter(network=network).count() >= PER_HOUR or recent.count() >= PER_HOUR_OF_ALL:
        raise NotAllowed(
            because="Many questions came in the last hour.", way_out="Try again in an hour, or call the clinic.", code="too_many"
        )


def _open_tasks(question: SiteQuestion, now: datetime) -> None:
    """Harm: as soon as any text with such words. Signs of a person: read within the hour. Else: one task for all that waits."""
    place = Location.objects.order_by("id").first()
    if place is None or question.status != "waiting":
        return
    mark = f"question:{question.network}"
    if "red" in question.held:
        told = ("public_red_words", "urgent", follow.RED, mark, follow.CALL_WITHIN)
    elif "read" in question.held:
        told = ("read_text", "same_day", follow.MENTIONED, mark, SAME_DAY)
    elif looking.IDENTIFYING.intersection(question.held):
        told = ("public_text", "urgent", looking.HOLDS_SIGNS, mark, READ_WITHIN)
    else:
        told = ("public_text", "soon", looking.WAITS, WAITING, ANSWER_WITHIN)
    kind, urgency, words, subject, within = told
    tasks.open_task(kind=kind, urgency=urgency, words=words, subject=subject, location=place, due_at=now + within, now=now)


@transaction.atomic
def answer(question: SiteQuestion, *, shown_question: str, words: str, release: bool, by: Staff, now: datetime) -> SiteQuestion:
    """A clinician's answer. With `release` the same answer joins the library in the same step, without anything that tells who asked.

    refuses  Missing without an answer, OutOfRange when the question as shown still holds a name or a way to reach somebody
    """
    permissions.require(by, "site.answer")
    if not words.strip():
        raise Missing(because="There is no answer yet.", way_out="Write it in a few sentences.", code="answer_missing", where="answer")
    if release:
        _nameless(shown_question)
    question = _held(question)
    _act(question, "answered", "answered", by=by, now=now, shown_question=shown_question, answer=words)
    if release:
        _act(question, "released", "released", by=by, now=now, shown_question=shown_question, answer=words)
    return _settled(question, now)


@transaction.atomic
def release(question: SiteQuestion, *, by: Staff, now: datetime) -> SiteQuestion:
    """The newest answer joins the library as it stands. Released already stays."""
    permissions.require(by, "site.answer")
    question = _held(question)
    if question.status == "released":
        return question
    newest = question.acts.filter(kind="answered").order_by("-id").first()
    if newest is None:
        raise Missing(because="Nobody has answered this question.", way_out="Answer it first.", code="answer_missing")
    _nameless(newest.shown_question)
    _act(question, "released", "released", by=by, now=now, shown_question=newest.shown_question, answer=newest.answer)
    return _settled(question, now)


@transaction.atomic
def put_away(question: SiteQuestion, kind: str, *, words: str, by: Staff, now: datetime) -> SiteQuestion:
    """taken_back: out of the library, the asker still reads the answer. declined: the asker reads the reason. put_aside: advertising."""
    permissions.require(by, "site.answer")
    if not words.strip():
        raise Missing(because="This needs a reason.", way_out="Say why.", code="words_missing", where="words")
    question = _held(question)
    status = {"taken_back": "answered", "declined": "declined", "put_aside": "put_aside"}[kind]
    _act(question, kind, status, by=by, now=now, words=uncut(words, 300))
    return _settled(question, now)


def _nameless(shown_question: str) -> None:
    if not shown_question.strip():
        raise Missing(
            because="The library needs the question too.",
            way_out="Write it as it may be shown.",
            code="question_missing",
            where="shown_question",
        )
    found = looking.IDENTIFYING.intersection(looking.holds(shown_question))
    if found:
        raise OutOfRange(
            because=f"The question as shown still holds: {', '.join(sorted(found))}.",
            way_out="Take it out; the words as they came are kept.",
            code="not_nameless",
            where="shown_question",
        )


def _held(question: SiteQuestion) -> SiteQuestion:
    found: SiteQuestion = SiteQuestion.objects.select_for_update().get(pk=question.pk)
    return found


def _act(question: SiteQuestion, kind: str, status: str, *, by: Staff, now: datetime, **told: str) -> None:
    SiteQuestionAct(question=question, kind=kind, at=now, by=by, **told).save()
    question.status = status
    question.save(update_fields=["status"])
    audit.note(f"{kind} question from the site", by=by, now=now, subject=str(question.ref))


def _settled(question: SiteQuestion, now: datetime) -> SiteQuestion:
    """When nothing waits any more, the task that said so is done."""
    if not SiteQuestion.objects.filter(status="waiting").exists():
        for task in Task.objects.filter(kind="public_text", subject=WAITING).exclude(status="closed"):
            tasks.close_by_fact(task, "answered", fact=f"question:{question.ref}", now=now)
    return question


def _one_at_a_time() -> None:
    """So that a hundred at once are counted one after another."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, current_practice_id()])

"""Asking for a time, answering, choosing, and the reminder the day before the last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.choices import RegistrationState
from samverk.activities.commands.sessions import remove_unused_session, schedule_session
from samverk.activities.models import Activity, Registration
from samverk.kit.acting import THE_CLOCK, Actor, Refusal
from samverk.polls.choices import ASKED, DECIDED, REMINDED, Answer, PollState
from samverk.polls.messages import queue_poll_mail
from samverk.polls.models import Poll, ProposedTime, TimeAnswer, Voice
from samverk.polls.rules import answering_refusal, times_refusal
from samverk.post.commands import UNDO_SECONDS, cancel_mails
from samverk.trail.commands import log

UNDO_CHOOSING = "poll.choose"
IN_THE_GROUP = (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED)
REMIND_BEFORE = timedelta(days=1)

Times = Sequence[tuple[datetime, datetime]]


def ask_for_a_time(
    activity: Activity, *, title: str, times: Times, deadline: datetime, by: Actor, note: str = "",
    asks_registered: bool = True, addresses: Sequence[str] = (),
) -> Poll:  # fmt: skip
    """Propose times and write to the group: those registered, and further addresses."""
    if refusal := times_refusal(times, deadline, timezone.now()):
        raise refusal
    with transaction.atomic():
        poll = Poll.objects.create(
            activity=activity, title=" ".join(title.split())[:200], note=note.strip()[:500], deadline=deadline,
            language=activity.language, time_zone=activity.programme.time_zone, created_by=by.person,
        )  # fmt: skip
        ProposedTime.objects.bulk_create(
            ProposedTime(poll=poll, starts_at=starts, ends_at=ends) for starts, ends in times
        )
        for voice in _voices(poll, asks_registered, addresses):
            voice.save()
            queue_poll_mail(ASKED, voice, delay_seconds=UNDO_SECONDS)
        log("ask_for_time", poll, by=by, scope=activity.programme.scope, changed=["deadline"])
    return poll


def _voices(poll: Poll, asks_registered: bool, addresses: Sequence[str]) -> list[Voice]:
    """One for each person or address, whichever list they stand on."""
    made: dict[str, Voice] = {}
    if asks_registered:
        group = Registration.objects.filter(activity=poll.activity, state__in=IN_THE_GROUP)
        for one in group.select_related("person").order_by("pk"):
            email = one.email or (one.person.mail_address if one.person else "")
            made.setdefault(
                f"p{one.person_id}" if one.person_id else f"r{one.pk}",
                Voice(poll=poll, person=one.person, name=one.name, email=email, language=one.language),
            )
    known = {voice.email.lower() for voice in made.values()}
    for address in addresses:
        if address.lower() not in known:
            known.add(address.lower())
            made[address] = Voice(poll=poll, name=address, email=address, language=poll.language)
    return list(made.values())


def add_voice(poll: Poll, *, name: str, by: Actor, language: str) -> Voice:
    """Somebody came by the shared address and wrote a name."""
    name = " ".join(name.split())[:200]
    if not name:
        raise Refusal(_("Write your name."), code="no_name", field="name")
    with transaction.atomic():
        poll = _lock(poll.pk)
        if refusal := answering_refusal(poll, timezone.now()):
            raise refusal
        voice = Voice.objects.create(poll=poll, name=name, language=language)
        log("add_voice", poll, by=by, scope=poll.activity.programme.scope)
    return voice


def answer_poll(voice: Voice, *, answers: Mapping[int, str], by: Actor, note: str = "") -> Voice:
    """Say yes, if need be or no to each time; ``answers`` by the time's id. It may be changed until the last day."""
    with transaction.atomic():
        poll = _lock(voice.poll_id)
        if refusal := answering_refusal(poll, timezone.now()):
            raise refusal
        times = list(poll.times.all())
        if {time.pk for time in times} != set(answers) or not set(answers.values()) <= set(Answer.values):
            raise Refusal(_("Answer each of the times."), code="incomplete", field="answers")
        for time in times:
            TimeAnswer.objects.update_or_create(voice=voice, time=time, defaults={"answer": answers[time.pk]})
        voice.answered_at, voice.note = timezone.now(), note.strip()[:300]
        voice.save(update_fields=["answered_at", "note"])
        log("answer_poll", poll, by=by, scope=poll.activity.programme.scope)
    return voice


def choose_time(poll: Poll, time: ProposedTime, *, by: Actor) -> Poll:
    """The time becomes a session of the activity, and everybody who was asked is told. It can be undone."""
    with transaction.atomic():
        poll = _lock(poll.pk)
        if poll.state == PollState.DECIDED:
            raise Refusal(_("A time is chosen already."), code="decided")
        minutes = int((time.ends_at - time.starts_at).total_seconds() // 60)
        session = schedule_session(
            poll.activity, starts_at=time.starts_at, ends_at=time.ends_at, planned_minutes=minutes, by=by,
            time_zone=poll.time_zone,
        )  # fmt: skip
        before = poll.state
        poll.state, poll.session = PollState.DECIDED, session
        poll.save(update_fields=["state", "session"])
        for voice in poll.voices.select_related("person"):
            voice.poll = poll
            queue_poll_mail(DECIDED, voice, delay_seconds=UNDO_SECONDS)
        log(
            "choose_time", poll, by=by, scope=poll.activity.programme.scope, changed=["state"],
            undo_with=UNDO_CHOOSING, undo_facts={"state": str(before)},
        )  # fmt: skip
    return poll


def undo_choosing(poll_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """The session goes, mails that have not left are taken back; refused when somebody was told already."""
    poll = _lock(poll_id)
    voices = list(poll.voices.exclude(email="").values_list("pk", flat=True))
    if sum(cancel_mails(DECIDED, pk) for pk in voices) < len(voices):
        raise Refusal(
            _("Those who were asked know of it already. Move the session instead."), code="too_late"
        )
    session, poll.session, poll.state = poll.session, None, facts["state"]
    poll.save(update_fields=["session", "state"])
    if session is not None:
        remove_unused_session(session, by=by)
    log("undo_choose", poll, by=by, scope=poll.activity.programme.scope, changed=["state"])


def close_poll(poll: Poll, *, by: Actor) -> Poll:
    """No more answers, no time chosen."""
    with transaction.atomic():
        poll = _lock(poll.pk)
        if poll.state == PollState.OPEN:
            poll.state = PollState.CLOSED
            poll.save(update_fields=["state"])
            log("close_poll", poll, by=by, scope=poll.activity.programme.scope, changed=["state"])
    return poll


def remind_voices(now: datetime | None = None) -> int:
    """Remind once, the day before the last day, those who have not answered. A duty of the worker."""
    now = now or timezone.now()
    due = Poll.objects.filter(
        state=PollState.OPEN, reminded_at=None, deadline__gt=now, deadline__lte=now + REMIND_BEFORE,
        created_at__lte=now - REMIND_BEFORE,
    )  # fmt: skip
    told = 0
    for pk in list(due.values_list("pk", flat=True)[:50]):
        with transaction.atomic():
            poll = _lock(pk)
            if poll.reminded_at is not None:
                continue
            for voice in poll.voices.filter(answered_at=None).select_related("person"):
                voice.poll = poll
                told += queue_poll_mail(REMINDED, voice, once="1")
            poll.reminded_at = now
            poll.save(update_fields=["reminded_at"])
            log("remind", poll, by=THE_CLOCK, scope=poll.activity.programme.scope)
    return told


def _lock(pk: int) -> Poll:
    related = Poll.objects.select_for_update(of=("self",)).select_related("activity__programme", "session")
    return related.get(pk=pk)

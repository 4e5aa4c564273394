"""Writing live questions. Votes of phones are not logged: they belong to nobody."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from samverk.activities.models import Session
from samverk.kit.acting import Actor, Refusal
from samverk.kit.codes import digest
from samverk.live.models import FloorQuestion, LiveKind, LiveQuestion, Room, Support, Vote, new_wall_code
from samverk.live.rules import checked_vote, question_refusal
from samverk.trail.commands import log

LONGEST_ASKED = 200


def device_digest(question: LiveQuestion, device: str) -> str:
    """A device as this question knows it: the answers of one device to two questions cannot be joined."""
    return digest(f"{question.pk}:{question.code}:{device}")


def open_room(session: Session, *, by: Actor) -> Room:
    """Let phones in, under a new code each time."""
    with transaction.atomic():
        room, _is_new = Room.objects.get_or_create(session=session)
        room = _lock(room)
        if not room.is_open:
            room.is_open, room.code = True, new_wall_code()
            room.step += 1
            room.save(update_fields=["is_open", "code", "step"])
            log("open", room, by=by, scope=session.activity.programme.scope, changed=["is_open"])
        return room


def close_room(session: Session, *, by: Actor) -> None:
    """No phone comes in any more; the results stay with the session."""
    with transaction.atomic():
        room = _lock(Room.objects.get(session=session))
        room.is_open, room.current, room.step = False, None, room.step + 1
        room.save(update_fields=["is_open", "current", "step"])
        log("close", room, by=by, scope=session.activity.programme.scope, changed=["is_open"])


def add_live_question(
    session: Session, *, kind: str, text: str, options: list[str], by: Actor
) -> LiveQuestion:
    """A question for later; nobody sees it yet."""
    if refusal := question_refusal(kind, text, options):
        raise refusal
    with transaction.atomic():
        room, _is_new = Room.objects.get_or_create(session=session)
        made = LiveQuestion.objects.create(
            room=room, kind=kind, text=text.strip(), options=options if kind == LiveKind.POLL else []
        )
        log("add_question", made, by=by, scope=session.activity.programme.scope, changed=["kind"])
        return made


def show_question(question: LiveQuestion, *, by: Actor) -> None:
    """Put it on every phone and on the wall, in place of the one before."""
    _on_wall(question, by=by, verb="show", current=question)


def stop_question(question: LiveQuestion, *, by: Actor) -> None:
    """Take it off; nobody answers it any more."""
    _on_wall(question, by=by, verb="stop", current=None)


def _on_wall(question: LiveQuestion, *, by: Actor, verb: str, current: LiveQuestion | None) -> None:
    with transaction.atomic():
        room = _lock(question.room)
        if not room.is_open:
            raise Refusal(_("Open the room first."), code="closed")
        room.current, room.step = current, room.step + 1
        room.save(update_fields=["current", "step"])
        log(verb, question, by=by, scope=room.session.activity.programme.scope)


def reveal_results(question: LiveQuestion, *, by: Actor) -> None:
    """Phones show the results too, not only the wall."""
    with transaction.atomic():
        room = _lock(question.room)
        LiveQuestion.objects.filter(pk=question.pk).update(shows_results=True)
        Room.objects.filter(pk=room.pk).update(step=F("step") + 1)
        log("reveal", question, by=by, scope=room.session.activity.programme.scope)


def vote(question: LiveQuestion, value: str, *, device: str) -> None:
    """One device's answer; a second one takes its place. Refused where the question does not stand there now."""
    kept = checked_vote(question, value)
    with transaction.atomic():
        _refuse_over(question)
        Vote.objects.update_or_create(
            question=question, device=device_digest(question, device), defaults={"value": kept}
        )
        Room.objects.filter(pk=question.room_id).update(votes=F("votes") + 1)


def type_vote(question: LiveQuestion, value: str, *, by: Actor) -> None:
    """Staff type for somebody without a phone; each is an answer of its own."""
    vote(question, value, device=f"staff {secrets.token_hex(8)}")
    log("type", question, by=by, scope=question.room.session.activity.programme.scope)


def ask_from_floor(question: LiveQuestion, text: str, *, device: str) -> FloorQuestion:
    """Ask the room something; whoever asks stands behind it."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_ASKED:
        raise Refusal(_("Write your question, at most 200 letters."), code="text", field="text")
    with transaction.atomic():
        _refuse_over(question)
        made = FloorQuestion.objects.create(question=question, text=text, supports=1)
        Support.objects.create(asked=made, device=device_digest(question, device))
        Room.objects.filter(pk=question.room_id).update(votes=F("votes") + 1)
        return made


def support(asked: FloorQuestion, *, device: str) -> None:
    """One device, one vote for a question from the floor."""
    with transaction.atomic():
        _refuse_over(asked.question)
        _made, is_new = Support.objects.get_or_create(
            asked=asked, device=device_digest(asked.question, device)
        )
        if is_new:
            FloorQuestion.objects.filter(pk=asked.pk).update(supports=F("supports") + 1)
            Room.objects.filter(pk=asked.question.room_id).update(votes=F("votes") + 1)


def hide_asked(asked: FloorQuestion, *, is_hidden: bool, by: Actor) -> None:
    """Moderation: off the wall and the phones, or back; logged with who did it."""
    with transaction.atomic():
        FloorQuestion.objects.filter(pk=asked.pk).update(is_hidden=is_hidden)
        asked.is_hidden = is_hidden
        Room.objects.filter(pk=asked.question.room_id).update(votes=F("votes") + 1)
        scope = asked.question.room.session.activity.programme.scope
        log("hide" if is_hidden else "unhide", asked, by=by, scope=scope, changed=["is_hidden"])


def _refuse_over(question: LiveQuestion) -> None:
    stands = Room.objects.filter(pk=question.room_id, is_open=True, current=question)
    if not stands.exists():
        raise Refusal(_("This question is over. Look at the page again."), code="over")


def _lock(room: Room) -> Room:
    related = Room.objects.select_for_update(of=("self",)).select_related("session__activity__programme")
    return related.get(pk=room.pk)

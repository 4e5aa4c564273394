"""Taking in a programme file: read and reported first, then written, then undoable as one for seven days."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity
from samverk.agenda.commands.agendas import lock_agenda, touch
from samverk.agenda.commands.import_writing import write_import
from samverk.agenda.importing import report_of
from samverk.agenda.models import (
    Agenda,
    AgendaImport,
    AgendaItem,
    Appearance,
    ProgrammeRoom,
    Speaker,
    Track,
)
from samverk.agenda.schedule.reading import read_schedule
from samverk.agenda.schedule.understanding import understand
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

KEPT_DAYS = 7
LEASE = timedelta(minutes=5)


def start_import(activity: Activity, file: BinaryIO, name: str, *, by: Actor) -> AgendaImport:
    """Read a file and say what it would do. Nothing is on the programme yet.

    Raises Refusal (field `file`) as ``read_schedule`` does, and `no_events` where nothing can be taken.
    """
    form = read_schedule(file)
    schedule = understand(form, zone=activity.programme.time_zone)
    if not schedule.events:
        raise Refusal(_("The file has no item with a title and a time."), code="no_events", field="file")
    shown = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable())[:200]
    with transaction.atomic():
        one = AgendaImport.objects.create(
            activity=activity, file_name=shown or "schedule", content=form, report=report_of(activity, schedule),
            started_by=by.person,
        )  # fmt: skip
        log("start_import", one, by=by, scope=activity.programme.scope, changed=["file_name"])
    return one


def ask_write(one: AgendaImport, *, by: Actor, names_are_public: bool = False) -> AgendaImport:
    """Say yes to what was reported. A short file is written at once by whoever asks, a long one by the worker.

    ``names_are_public`` says that the speakers' names are published already, so they count as confirmed.
    """
    with transaction.atomic():
        one = AgendaImport.objects.select_for_update().get(pk=one.pk)
        if one.state != AgendaImport.State.READ:
            return one
        one.state = AgendaImport.State.WRITING
        one.options = {"names_are_public": names_are_public, "by": by.person.pk if by.person else None}
        one.save(update_fields=["state", "options"])
        log("ask_write", one, by=by, scope=one.activity.programme.scope, changed=["state"])
    return one


def write_waiting_imports() -> int:
    """Write what somebody said yes to, one after the other; says how many. A duty of the worker."""
    done = 0
    while one := _leased():
        write_import(one)
        done += 1
    return done


def is_an_import_waiting() -> bool:
    return AgendaImport.objects.filter(_free(timezone.now())).exists()


def _leased() -> AgendaImport | None:
    """The next to write, leased: a worker that dies lets it go again."""
    now = timezone.now()
    with transaction.atomic():
        one = AgendaImport.objects.select_for_update().filter(_free(now)).order_by("pk").first()
        if one is not None:
            one.leased_until = now + LEASE
            one.save(update_fields=["leased_until"])
    return one


def _free(now: datetime) -> Q:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Q(state=AgendaImport.State.WRITING) & free


def undo_import(one: AgendaImport, *, by: Actor) -> AgendaImport:
    """Take out what the import made and put back what it changed. People keep their places."""
    with transaction.atomic():
        one = AgendaImport.objects.select_for_update().get(pk=one.pk)
        if refusal := undoing_refusal(one):
            raise refusal
        agenda = lock_agenda(Agenda.objects.get(activity=one.activity_id).pk)
        made = one.written.get("items", [])
        _put_back(agenda, one.written.get("before", []))
        Appearance.objects.filter(item__in=made).delete()
        _put_people_back(agenda, one.written.get("people", []))
        agenda.items.filter(pk__in=made).update(removed_at=timezone.now())
        Speaker.objects.filter(pk__in=one.written.get("speakers", []), appearances=None).delete()
        for name in ("rooms", "tracks"):
            model = ProgrammeRoom if name == "rooms" else Track
            model.objects.filter(pk__in=one.written.get(name, []), items=None).delete()
        one.state, one.written = AgendaImport.State.UNDONE, {}
        one.save(update_fields=["state", "written"])
        touch(agenda)
        log("undo_import", one, by=by, scope=agenda.activity.programme.scope, changed=["state"])
    return one


def undoing_refusal(one: AgendaImport) -> Refusal | None:
    """Only what was written within seven days is taken back, and only the last import."""
    if one.state != AgendaImport.State.WRITTEN or one.written_at is None:
        return Refusal(_("This import is not written."), code="not_written")
    if one.written_at < timezone.now() - timedelta(days=KEPT_DAYS):
        return Refusal(_("This can no longer be undone."), code="too_late")
    if AgendaImport.objects.filter(
        activity=one.activity_id, state=AgendaImport.State.WRITTEN, pk__gt=one.pk
    ).exists():
        return Refusal(_("Another file was taken in since. Undo that one first."), code="not_last")
    return None


def forget_imports(now: datetime | None = None) -> int:
    """Files nobody wrote within a week, and what an undo would need, are forgotten. A duty of the worker."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    unwritten = AgendaImport.objects.filter(started_at__lt=before, state=AgendaImport.State.READ)
    number, _each = unwritten.delete()
    written = AgendaImport.objects.filter(written_at__lt=before).exclude(written={})
    return number + written.update(written={})


def _put_back(agenda: Agenda, before: list[dict[str, Any]]) -> None:
    """Values of items as they were; of several changes of one item the first counts."""
    items = {item.pk: item for item in agenda.items.all()}
    for row in reversed(before):
        item = items.get(row["item"])
        if item is None:
            continue
        for name, value in row["values"].items():
            field: Any = AgendaItem._meta.get_field(name)
            is_key = name in ("room", "track", "session")
            setattr(item, f"{name}_id" if is_key else name, value if is_key else field.to_python(value))
        item.sequence += 1
        item.save()


def _put_people_back(agenda: Agenda, before: list[dict[str, Any]]) -> None:
    """Who stood on the items that were there before."""
    speakers = set(agenda.speakers.values_list("pk", flat=True))
    for row in reversed(before):
        Appearance.objects.filter(item=row["item"]).delete()
        Appearance.objects.bulk_create(
            Appearance(item_id=row["item"], speaker_id=pk, role=role, position=position)
            for pk, role, position in row["rows"]
            if pk in speakers
        )

"""The archive of a person: everything the apps hold about her, as one file she asks for and downloads.

A short one is made at once, a long one by the worker. It lies for seven days behind her sign-in, then it goes.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.base import File as StoredFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.kit import words
from samverk.kit.acting import Actor, Refusal
from samverk.kit.exports import Part, Table, parts_of
from samverk.kit.faults import fault_point
from samverk.kit.spreadsheets import csv_lines
from samverk.people.models import Archive, Person
from samverk.trail.commands import log

KEPT = timedelta(days=7)
LEASE = timedelta(minutes=2)
ATTEMPTS = 3
# So many files are made while one waits; more are left to the worker.
AT_ONCE = 6
STYLE = Path(__file__).parent / "archive_style.css"


def ask_archive(person: Person, *, language: str, by: Actor) -> Archive:
    """Ask for the archive; one at a time. What was made before goes when the new one is ready."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if Archive.objects.filter(person=person, state=Archive.State.ASKED).exists():
            raise Refusal(_("Your archive is being made already."), code="at_work")
        archive = Archive.objects.create(person=person, language=language)
        log("ask_archive", archive, by=by, scope=person.scope)
        return archive


def is_short(person: Person) -> bool:
    """Whether it is made at once: few files beside its tables."""
    return sum(len(part.files) for part in parts_of(person)) <= AT_ONCE


def waiting_archives() -> QuerySet[Archive]:
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    return Archive.objects.filter(free, state=Archive.State.ASKED).order_by("pk")


def is_an_archive_waiting() -> bool:
    return waiting_archives().exists()


def work_on_archives() -> int:
    """Make those that wait, one after another. A duty of the worker."""
    made = 0
    for archive in waiting_archives()[:3]:
        made += build_archive(archive)
    return made


def build_archive(archive: Archive) -> bool:
    """Make the file; True when it is ready. A killed process leaves none, and the next begins anew."""
    now = timezone.now()
    if not waiting_archives().filter(pk=archive.pk).update(leased_until=now + LEASE):
        return False
    archive = Archive.objects.select_related("person").get(pk=archive.pk)
    if archive.attempts >= ATTEMPTS:
        archive.state, archive.leased_until = Archive.State.FAILED, None
        archive.save(update_fields=["state", "leased_until"])
        return False
    archive.attempts += 1
    archive.save(update_fields=["attempts"])
    with tempfile.TemporaryFile() as scratch:
        with override(archive.language):
            write_archive(archive.person, scratch, archive.language, said=_keep(archive))
        fault_point("archives.before_storing")
        scratch.seek(0)
        _store(archive, scratch)
    return True


def write_archive(
    person: Any,
    target: BinaryIO,
    language: str,
    *,
    said: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """A ZIP with a page to begin with, each table as CSV and JSON, and the files. `said` hears (done, total)."""
    parts = parts_of(person)
    files = [file for part in parts for file in part.files]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", _index(person, parts, language))
        archive.writestr("style.css", STYLE.read_text("utf-8"))
        for part in parts:
            for table in part.tables:
                archive.writestr(f"{table.name}.csv", "".join(_csv(table)).encode())
                archive.writestr(f"{table.name}.json", _json(table))
        for number, file in enumerate(files):
            archive.writestr(file.path, file.make())
            said(number + 1, len(files))


def _keep(archive: Archive) -> Callable[[int, int], None]:
    def keep(done: int, total: int) -> None:
        """Say how far it is, and hold the lease; not at every file, since others write, too."""
        if done % 10 == 0 or done == total:
            Archive.objects.filter(pk=archive.pk).update(
                done=done, total=total, leased_until=timezone.now() + LEASE
            )

    return keep


def _store(archive: Archive, scratch: BinaryIO) -> None:
    size = scratch.seek(0, io.SEEK_END)
    scratch.seek(0)
    with transaction.atomic():
        archive.file.save(f"{archive.code}.zip", StoredFile(scratch), save=False)
        archive.state, archive.ready_at, archive.leased_until = Archive.State.READY, timezone.now(), None
        archive.size = size
        archive.save(update_fields=["file", "state", "ready_at", "leased_until", "size"])
        for older in Archive.objects.filter(person=archive.person).exclude(pk=archive.pk):
            _remove(older)


def _remove(archive: Archive) -> None:
    storage, name = archive.file.storage, archive.file.name
    archive.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def remove_old_archives() -> int:
    """Files older than seven days go. A duty of the worker."""
    old = list(Archive.objects.filter(asked_at__lt=timezone.now() - KEPT))
    for archive in old:
        with transaction.atomic():
            _remove(archive)
    return len(old)


def forget_archives(person: Any) -> int:
    """What an erasure does with archives that lie ready."""
    mine = list(Archive.objects.filter(person=person))
    for archive in mine:
        _remove(archive)
    return len(mine)


def _csv(table: Table) -> Any:
    keys = [key for key, _label in table.columns]
    return csv_lines(
        [label for _key, label in table.columns], ([row[key] for key in keys] for row in table.rows)
    )


def _json(table: Table) -> str:
    return json.dumps(table.rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _index(person: Any, parts: list[Part], language: str) -> str:
    shown = [(part.title, [_shown(table) for table in part.tables], part.files) for part in parts]
    context = {
        "language": language, "name": str(person), "parts": shown, "centre": settings.SAMVERK_CENTRE,
        "made_at": timezone.now(),
    }  # fmt: skip
    return render_to_string("people/archive/index.html", context)


def _shown(table: Table) -> dict[str, Any]:
    """A table as words, cell by cell."""
    keys = [key for key, _label in table.columns]
    return {
        "title": table.title,
        "files": [f"{table.name}.csv", f"{table.name}.json"],
        "head": [label for _key, label in table.columns],
        "rows": [[_words(row[key]) for key in keys] for row in table.rows],
    }


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "hour"):
        return f"{words.local(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

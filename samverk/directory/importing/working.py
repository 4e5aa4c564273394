"""What the worker and the doctor ask about imports."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from samverk.directory.doubting import find_doubtful_pairs
from samverk.directory.importing.checking import check_import
from samverk.directory.importing.staging import folder_of, remove_files
from samverk.directory.importing.undoing import undo_import
from samverk.directory.importing.writing import write_import
from samverk.directory.models import Import, Organisation
from samverk.kit.acting import IMPORT, Actor

STEPS = {
    Import.State.CHECKING: check_import,
    Import.State.WRITING: write_import,
    Import.State.UNDOING: undo_import,
}
# One turn of the worker: other duties stand in the same lane and get theirs.
TURN_SECONDS = 15.0
FILES_KEPT = timedelta(days=30)
STUCK_AFTER = timedelta(hours=1)


def waiting_imports() -> QuerySet[Import]:
    """Imports with work to do that nobody is at."""
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    return Import.objects.filter(free, state__in=list(STEPS)).order_by("id")


def is_an_import_waiting() -> bool:
    return waiting_imports().exists()


def work_on_imports() -> int:
    """Take up waiting imports, each for a turn. A duty of the worker."""
    taken = list(waiting_imports()[:3])
    for one in taken:
        if work_on(one, seconds=TURN_SECONDS) and one.state == Import.State.DONE:
            find_doubtful_pairs()
    return len(taken)


def work_on(one: Import, *, seconds: float = 0) -> bool:
    """The next step of an import that is on its way; True when the step is done."""
    step = STEPS[Import.State(one.state)]
    return step(one, by=Actor(person=one.started_by, through=IMPORT), seconds=seconds)


def forget_files() -> int:
    """Files that people sent are kept for 30 days, then only the counts stay. A duty of the worker."""
    old = Import.objects.filter(started_at__lt=timezone.now() - FILES_KEPT).exclude(state__in=list(STEPS))
    found = [one for one in old.order_by("id") if folder_of(one).exists()]
    for one in found:
        remove_files(one)
    return len(found)


def import_faults() -> list[str]:
    """What is wrong with imports, for the doctor: rows forgotten in hiding, changes not applied, work that stopped."""
    faults = []
    at_work = [Import.State.WRITING, Import.State.UNDOING]
    hidden = Organisation.objects.filter(is_hidden=True).exclude(imported_in__state__in=at_work)
    if count := hidden.count():
        faults.append(f"directory: {count} organisations are hidden and no import is at work on them")
    for one in Import.objects.filter(state=Import.State.DONE):
        if count := one.changes.filter(applied_at=None).count():
            faults.append(f"directory: import {one.code} is done and {count} of its changes are not applied")
        said = one.options.get("written", {}).get("new", 0)
        if one.created.count() > said:
            faults.append(f"directory: import {one.code} made more rows than it says")
    stuck = Import.objects.filter(state__in=list(STEPS), leased_until__lt=timezone.now() - STUCK_AFTER)
    faults += [f"directory: import {one.code} has stood still for more than an hour" for one in stuck]
    return faults

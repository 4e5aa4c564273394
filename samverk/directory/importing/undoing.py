"""Taking a whole import back, for seven days: its new rows go, what it changed is put back.

What somebody has built on or edited since stays, and is named.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.directory.importing.leases import hold, take_lease
from samverk.directory.importing.reading import SCOPE
from samverk.directory.importing.writing import BREATH_SECONDS, number_row
from samverk.directory.models import DoubtfulPair, Identifier, Import, ImportedChange, Organisation
from samverk.kit.acting import IMPORT, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.trail.commands import log
from samverk.trail.models import Entry

UNDO_DAYS = 7
BATCH = 250
MOST_NAMED = 200


def may_undo(one: Import) -> bool:
    """Done, and not longer than seven days ago."""
    return (
        one.state == Import.State.DONE
        and one.finished_at is not None
        and timezone.now() - one.finished_at < timedelta(days=UNDO_DAYS)
    )


def ask_undo(one: Import, *, by: Actor) -> Import:
    """Let the undo begin; a worker takes it up, or ``undo_import`` at once."""
    with transaction.atomic():
        one = Import.objects.select_for_update().get(pk=one.pk)
        if not may_undo(one):
            raise Refusal(_("An import can be undone for seven days after it is done."), code="too_late")
        kept = [{"code": code, "why": why} for code, why in _kept_rows(one)]
        one.options = one.options | {
            "undo": {"removed": 0, "put_back": 0, "kept": kept[:MOST_NAMED], "kept_count": len(kept)}
        }
        one.state, one.rows_done, one.leased_until = Import.State.UNDOING, 0, None
        one.rows_total = one.created.count() + one.changes.count()
        one.save()
        # From now on nobody sees them; removing takes its time.
        _without_anything_on_them(one).update(is_hidden=True)
        return one


def undo_import(one: Import, *, by: Actor, seconds: float = 0) -> bool:
    """Take an import back, or go on with it. True when done; ``options["undo"]`` says what could not be taken back."""
    if one.state != Import.State.UNDOING:
        one = ask_undo(one, by=by)
    if not take_lease(one, Import.State.UNDOING):
        return False
    until = time.monotonic() + seconds if seconds else None
    while _undo_batch(one):
        fault_point("import.undo_batch")
        if until and time.monotonic() > until:
            Import.objects.filter(pk=one.pk).update(leased_until=None)
            return False
        time.sleep(BREATH_SECONDS)
    one.state, one.undone_at, one.leased_until = Import.State.UNDONE, timezone.now(), None
    with transaction.atomic():
        one.save()
        log("undo_import", one, by=Actor(person=by.person or one.started_by, through=IMPORT), scope=SCOPE)
    return True


def _standing_on() -> list[Any]:
    """Relations from other rows to an organisation; its own numbers do not count."""
    relations = Organisation._meta.get_fields(include_hidden=True)
    return [
        relation
        for relation in relations
        if (relation.one_to_many or relation.one_to_one) and relation.related_model is not Identifier
    ]


def _without_anything_on_them(one: Import) -> QuerySet[Organisation]:
    """New rows of the import that nothing stands on and nobody edited."""
    free = one.created.filter(merged_into=None, archived_at=None)
    for relation in _standing_on():
        standing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        free = free.filter(~Exists(standing))
    return free.filter(~Exists(_touched(one).filter(thing_id=OuterRef("pk"))))


def _touched(one: Import) -> QuerySet[Entry]:
    """What hands did to organisations since. An import writes no entry for a single row, so each entry is a hand's."""
    return Entry.objects.filter(thing_type="organisation", at__gte=one.finished_at)


def _kept_rows(one: Import) -> list[tuple[str, str]]:
    """(code, why) of new rows that stay: somebody edited them, or something stands on them."""
    free = _without_anything_on_them(one).values("pk")
    edited = set(_touched(one).values_list("thing_id", flat=True))
    stay = one.created.exclude(pk__in=free).values_list("pk", "code")
    return [(code, "edited" if pk in edited else "used") for pk, code in stay]


def _undo_batch(one: Import) -> bool:
    """Put back or remove some; False when nothing is left."""
    report = one.options["undo"]
    changes = list(one.changes.exclude(applied_at=None).select_related("organisation").order_by("pk")[:BATCH])
    with transaction.atomic():
        if changes:
            for change in changes:
                _put_back(change, report)
            one.changes.filter(pk__in=[change.pk for change in changes]).update(applied_at=None)
            one.rows_done += len(changes)
        else:
            ids = list(one.created.filter(is_hidden=True).values_list("pk", flat=True)[:BATCH])
            if not ids:
                return False
            ids = _still_free(one, ids, report)
            Identifier.objects.filter(organisation__in=ids).delete()
            pairs = DoubtfulPair.objects.filter(kind="organisation")
            pairs.filter(Q(first_id__in=ids) | Q(second_id__in=ids)).delete()
            Organisation.objects.filter(pk__in=ids).delete()
            report["removed"] += len(ids)
            one.rows_done += len(ids)
        hold(one)
        one.save(update_fields=["options"])
    return True


def _still_free(one: Import, ids: list[int], report: dict[str, Any]) -> list[int]:
    """Those that nothing came to stand on since the undo began; the others are shown again and named."""
    free = set(_without_anything_on_them(one).filter(pk__in=ids).values_list("pk", flat=True))
    used = one.created.filter(pk__in=set(ids) - free)
    for code in used.values_list("code", flat=True):
        report["kept_count"] += 1
        report["kept"] = [*report["kept"], {"code": code, "why": "used"}][:MOST_NAMED]
    used.update(is_hidden=False)
    return list(free)


def _put_back(change: ImportedChange, report: dict[str, Any]) -> None:
    """The values of before, for each field that nobody has edited since."""
    organisation = change.organisation
    before, after = change.before["fields"], change.after["fields"]
    numbers = {number.scheme: number for number in organisation.identifiers.all()}
    kept = []
    for name, value in after.items():
        if hasattr(organisation, name):
            if getattr(organisation, name) == value:
                setattr(organisation, name, before[name])
            else:
                kept.append(name)
        elif name in numbers and numbers[name].typed == value:
            numbers[name].delete()
            if before[name]:
                number_row(organisation, name, before[name]).save()
        else:
            kept.append(name)
    said = change.before["imported"]
    organisation.imported_values = said | {
        name: organisation.imported_values[name] for name in kept if name in organisation.imported_values
    }
    organisation.write_keys()
    organisation.save()
    if kept:
        report["kept_count"] += 1
        report["kept"] = [*report["kept"], {"code": organisation.code, "why": "edited", "fields": kept}][
            :MOST_NAMED
        ]
    else:
        report["put_back"] += 1

"""Writing and reversing entries of the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.kit.acting import Actor, Refusal
from samverk.kit.registers import reversals
from samverk.trail.models import UNDO_HOURS, Entry

ADDRESS_DAYS = 90


def log(
    verb: str,
    thing: models.Model,
    *,
    by: Actor,
    scope: str = "",
    changed: Sequence[str] = (),
    reason: str = "",
    undo_with: str = "",
    undo_facts: Mapping[str, Any] | None = None,
) -> Entry:
    """Record what was done to a thing, in the transaction that does it.

    Values are kept only of fields the model names in ``trail_values``; a thing labels itself by its code.
    ``undo_with`` names a reversal registered in ``kit.registers.reversals``, valid for 24 hours.
    """
    entry = _entry(verb, thing, by, scope, changed)
    entry.reason, entry.undo_with, entry.undo_facts = reason, undo_with, dict(undo_facts or {})
    entry.save(force_insert=True)
    return entry


def log_each(verb: str, things: Iterable[models.Model], *, by: Actor, scope: str = "") -> int:
    """Record that the same was done to each of many things; says to how many."""
    return len(Entry.objects.bulk_create(_entry(verb, thing, by, scope, ()) for thing in things))


def _entry(verb: str, thing: models.Model, by: Actor, scope: str, changed: Sequence[str]) -> Entry:
    harmless = set(getattr(thing, "trail_values", ()))
    values = {name: _plain(getattr(thing, name)) for name in changed if name in harmless}
    return Entry(
        actor=by.person,
        through=by.through,
        on_behalf_of=by.on_behalf_of[:200],
        verb=verb,
        thing_type=thing._meta.model_name or "",
        thing_id=thing.pk,
        thing_label=str(getattr(thing, "code", "") or thing.pk)[:200],
        scope=scope,
        changed=list(changed),
        values=values,
        address=by.address or None,
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | None) else str(value)


def undo(entry: Entry, *, by: Actor) -> Entry:
    """Reverse what an entry records. Raises Refusal when it is too late or was reversed already."""
    with transaction.atomic():
        entry = Entry.objects.select_for_update().get(pk=entry.pk)
        reversal = reversals.get(entry.undo_with)
        if reversal is None or not entry.can_be_undone:
            raise Refusal(_("This can no longer be undone."), code="too_late")
        reversal(entry.thing_id, entry.undo_facts, by)
        entry.undone_at = timezone.now()
        entry.save(update_fields=["undone_at"])
        return entry


def forget_addresses(now: datetime | None = None) -> int:
    """Forget from which addresses things were done 90 days ago. A duty of the worker."""
    before = (now or timezone.now()) - timedelta(days=ADDRESS_DAYS)
    return Entry.objects.filter(at__lt=before, address__isnull=False).update(address=None)


def forget_undo_facts(now: datetime | None = None) -> int:
    """Forget what an undo would need, once nothing can be undone: the trail keeps no old values. A duty of the worker."""
    before = (now or timezone.now()) - timedelta(hours=UNDO_HOURS)
    return Entry.objects.filter(at__lt=before).exclude(undo_facts={}).update(undo_facts={})

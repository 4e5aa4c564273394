"""A signature ends when a line under it changes: it is voided, says which line, and the person is asked again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from samverk.kit import words
from samverk.kit.acting import Actor
from samverk.ledger.models import Attestation, HourEntry, Statement
from samverk.trail.commands import log

STAMP = {Attestation.Role.PERSON: "confirmed_at", Attestation.Role.EMPLOYER: "countersigned_at"}


def said_change(entry: HourEntry, minutes_now: int) -> str:
    """Which line changed and how, in the person's language."""
    with override(entry.person.language):
        facts = {
            "title": entry.activity.title,
            "day": words.day(entry.starts_local.date()),
            "before": words.hours(entry.minutes),
            "now": words.hours(minutes_now),
        }
        if not minutes_now:
            return _("%(title)s, %(day)s: %(before)s are taken away.") % facts
        if minutes_now == entry.minutes:
            return _("%(title)s, %(day)s: on whose behalf or in which role was corrected.") % facts
        return _("%(title)s, %(day)s: %(before)s became %(now)s.") % facts


def void(attestation: Attestation, because: str, *, by: Actor) -> None:
    """End a signature; the lines under it are unsigned again."""
    attestation.voided_at = timezone.now()
    attestation.voided_because = because[:300]
    attestation.save(update_fields=["voided_at", "voided_because"])
    stamp = STAMP[Attestation.Role(attestation.role)]
    HourEntry.objects.filter(pk__in=[int(key) for key in attestation.entries]).update(**{stamp: None})
    log(
        "void_attestation",
        attestation,
        by=by,
        scope=f"person:{attestation.statement.person.code}",
        reason=because[:300],
    )


def live_attestations(
    statement: Statement, entries: Iterable[HourEntry], role: str | None = None
) -> list[Attestation]:
    """Live signatures of a statement that cover any of these lines."""
    keys = {str(entry.pk) for entry in entries}
    live = Attestation.objects.filter(statement=statement, voided_at=None).select_related("statement__person")
    live = live.filter(role=role) if role else live
    return [attestation for attestation in live if keys & set(attestation.entries)]


def void_for(changed: Collection[tuple[HourEntry, int]], *, by: Actor) -> list[tuple[Statement, str, int]]:
    """Void what covers these reversed lines, each given with its minutes now.

    Returns whom to ask again: statement, the sentence that says why, and the id of the voided signature.
    """
    again = []
    months = {(entry.person_id, entry.month) for entry, _minutes in changed}
    statements = Statement.objects.filter(
        person__in={person for person, _month in months}, month__in={month for _person, month in months}
    )
    for statement in statements.select_related("person"):
        theirs = [
            pair
            for pair in changed
            if (pair[0].person_id, pair[0].month) == (statement.person_id, statement.month)
        ]
        signatures = live_attestations(statement, [entry for entry, _minutes in theirs])
        if not signatures:
            continue
        because = " ".join(said_change(entry, minutes) for entry, minutes in theirs)
        for signature in signatures:
            void(signature, because, by=by)
        Statement.objects.filter(pk=statement.pk).update(state=Statement.State.VOID)
        again.append((statement, because, signatures[0].pk))
    return again

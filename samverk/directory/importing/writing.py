"""Writing a checked file: batches that stay hidden, then one step that shows them.

New rows are written hidden. Changes of known rows are only noted. When the last batch is in, one update shows all new
rows, and the noted changes are applied. A killed process loses at most its last batch; whoever comes next goes on.
"""

from __future__ import annotations

import time
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.directory.choices import Sector
from samverk.directory.identifiers import SCHEMES, normalise
from samverk.directory.importing.checking import MEANWHILE, WRITE_CHANGE, WRITE_NEW, act_on
from samverk.directory.importing.conflicts import FILE, answer_to
from samverk.directory.importing.leases import hold, take_lease
from samverk.directory.importing.matching import IN_CONFLICT, Directory, Known, differences
from samverk.directory.importing.reading import SCOPE, Entry
from samverk.directory.importing.staging import DOUBTFUL, NEW, CheckedRow, Staging, staging_of
from samverk.directory.legal_forms import form_of, form_of_name
from samverk.directory.models import Identifier, Import, ImportedChange, Organisation
from samverk.kit.acting import IMPORT, Actor, Refusal
from samverk.kit.choices import Country
from samverk.kit.codes import new_code
from samverk.kit.faults import fault_point
from samverk.trail.commands import log

BATCH = 500
# Sign-ups wait for the database's one writer, which SQLite lets them ask for every tenth of a second. The pause
# between two batches is longer than that, so that everybody who waits gets a turn.
BREATH_SECONDS = 0.12
SURE_ENOUGH = 0.7


def ask_write(one: Import, *, by: Actor) -> Import:
    """Let the writing begin; a worker takes it up, or ``write_import`` at once. One import is written at a time."""
    with transaction.atomic():
        one = Import.objects.select_for_update().get(pk=one.pk)
        if one.state != Import.State.CHECKED:
            raise Refusal(_("Check the file first."), code="not_checked")
        if Import.objects.filter(state=Import.State.WRITING).exists():
            raise Refusal(_("Another import is being written. Try again when it is done."), code="busy")
        one.state, one.rows_done, one.leased_until = Import.State.WRITING, 0, None
        one.save(update_fields=["state", "rows_done", "leased_until"])
        return one


def write_import(one: Import, *, by: Actor, seconds: float = 0) -> bool:
    """Write the file, or go on with it; with ``seconds`` only for so long. True when all of it is in and shown."""
    if one.state != Import.State.WRITING:
        one = ask_write(one, by=by)
    if not take_lease(one, Import.State.WRITING):
        return False
    until = time.monotonic() + seconds if seconds else None
    with staging_of(one) as staging:
        is_done = _write_batches(one, staging, until)
        if is_done:
            fault_point("import.before_reveal")
            is_done = _reveal(one, until)
        if is_done:
            _finish(one, staging, by)
    if not is_done:
        Import.objects.filter(pk=one.pk).update(leased_until=None)
    return is_done


def _write_batches(one: Import, staging: Staging, until: float | None) -> bool:
    while batch := list(islice(staging.rows(after=one.rows_done), BATCH)):
        made = {row.row: _made(one, row) for row in batch if act_on(row, one.decisions) == WRITE_NEW}
        with transaction.atomic():
            surprises = _write_batch(one, batch, made)
            one.rows_done = batch[-1].row
            hold(one)
        staging.put(surprises)
        staging.commit()
        fault_point("import.after_batch")
        if until and time.monotonic() > until:
            return False
        time.sleep(BREATH_SECONDS)
    return True


Made = tuple[Organisation, list[Identifier]]


def _made(one: Import, row: CheckedRow) -> Made:
    """A new organisation and its numbers, worked out before the lock is taken."""
    entry = _entry(row)
    organisation = _organisation(one, row.code, entry)
    return organisation, [number_row(organisation, scheme, typed) for scheme, typed in entry.numbers.items()]


def _entry(row: CheckedRow) -> Entry:
    return Entry(row.row, fields=row.entry["fields"], numbers=row.entry["numbers"])


def _write_batch(one: Import, batch: list[CheckedRow], made: dict[int, Made]) -> list[CheckedRow]:
    """New rows hidden, changes noted. Gives back rows whose finding changed since the dry run."""
    wanted = {row.row: act_on(row, one.decisions) for row in batch}
    acting = [row for row in batch if wanted[row.row] in (WRITE_NEW, WRITE_CHANGE)]
    entries = {row.row: _entry(row) for row in acting}
    directory = Directory(list(entries.values()))
    fresh, surprises = [], []
    for row in acting:
        entry = entries[row.row]
        if wanted[row.row] == WRITE_CHANGE:
            known = directory.known.get(row.organisation or 0)
            if known is not None:
                _note_change(one, entry, known, directory)
            continue
        if row.status == NEW and directory.match(entry).known is not None:
            row.status, row.kind, row.code = DOUBTFUL, MEANWHILE, ""
            surprises.append(row)
        else:
            fresh.append((row, *made[row.row]))
    return surprises + _insert(fresh)


def _note_change(one: Import, entry: Entry, known: Known, directory: Directory) -> None:
    changes = differences(entry, directory.numbers[entry.row], known)
    kept = {
        name
        for name, change in changes.items()
        if IN_CONFLICT in change[2:] and answer_to(one.decisions, entry.row, name) != FILE
    }
    free = {name: change for name, change in changes.items() if name not in kept}
    if not free:
        return
    # What the file says of fields it agrees on counts as imported from now on; hand edits stay hand edits.
    said = {name: value for name, value in (entry.fields | entry.numbers).items() if name not in kept}
    ImportedChange.objects.update_or_create(
        imported_in=one, organisation=known.organisation,
        defaults={
            "before": {"fields": {name: change[0] for name, change in free.items()}, "imported": known.organisation.imported_values},
            "after": {"fields": {name: change[1] for name, change in free.items()}, "imported": said},
        },
    )  # fmt: skip


def _insert(fresh: list[tuple[CheckedRow, Organisation, list[Identifier]]]) -> list[CheckedRow]:
    """Hidden organisations with their numbers. Rows that got another code than the report promised come back."""
    codes = [row.code for row, _organisation, _numbers in fresh]
    taken = set(Organisation.objects.filter(code__in=codes).values_list("code", flat=True))
    renamed = []
    for row, organisation, _numbers in fresh:
        # A row that might have been a known one carries that one's code.
        if not row.code or row.code in taken:
            row.code = organisation.code = _free_code()
            renamed.append(row)
        organisation.code_is_free = True  # type: ignore[attr-defined]
    Organisation.objects.bulk_create([organisation for _row, organisation, _numbers in fresh])
    numbers = [number for _row, _organisation, of_row in fresh for number in of_row]
    for number in numbers:
        # Its key is known only now that the row is written.
        number.organisation_id = number.organisation.pk
    Identifier.objects.bulk_create(numbers, batch_size=1000)
    return renamed


def _free_code() -> str:
    while Organisation.objects.filter(code=(code := new_code())).exists():
        pass
    return code


def _organisation(one: Import, code: str, entry: Entry) -> Organisation:
    values = {"sector": _sector(entry), "country": _country(entry)} | entry.fields
    organisation = Organisation(code=code, is_hidden=True, imported_in=one, **values)
    organisation.imported_values = values | entry.numbers
    organisation.write_keys()
    return organisation


def _sector(entry: Entry) -> str:
    """From the legal form, otherwise from the name where it is plain; most of the third sector are associations."""
    by_form = form_of(entry.fields.get("legal_form", "")).sector
    by_name = form_of_name(entry.name)
    return by_form or (by_name.sector if by_name.score >= SURE_ENOUGH else "") or Sector.ASSOCIATION.value


def _country(entry: Entry) -> str:
    """The country of the register that knows it, otherwise the installation's own."""
    of_register = next((SCHEMES[scheme].country for scheme in entry.numbers if scheme in SCHEMES), "")
    return (
        of_register
        if of_register in Country.values
        else str(Organisation._meta.get_field("country").default.value)
    )


def number_row(organisation: Organisation, scheme: str, typed: str) -> Identifier:
    """A number as an import writes it: as typed, normalised, and how it was checked."""
    number = normalise(scheme, typed)
    return Identifier(
        organisation=organisation, scheme=scheme, typed=typed, value=number.value[:60], is_valid=number.is_valid,
        is_personal=number.is_personal, checked_how="check_digit", checked_at=timezone.now(),
    )  # fmt: skip


def _reveal(one: Import, until: float | None) -> bool:
    """Show all new rows by one update; apply the noted changes."""
    Organisation.objects.filter(imported_in=one, is_hidden=True).update(is_hidden=False)
    waiting = one.changes.filter(applied_at=None).order_by("pk")
    while changes := list(waiting.select_related("organisation")[:BATCH]):
        with transaction.atomic():
            for change in changes:
                _apply(change)
            hold(one)
        fault_point("import.after_changes")
        if until and time.monotonic() > until:
            return False
        time.sleep(BREATH_SECONDS)
    return True


def _apply(change: ImportedChange) -> None:
    """Write what still stands as it stood; what a hand has changed meanwhile is left alone."""
    organisation = change.organisation
    before, after = change.before["fields"], change.after["fields"]
    numbers = {number.scheme: number for number in organisation.identifiers.all()}
    applied, said = {}, dict(change.after["imported"])
    for name, value in after.items():
        current = numbers[name].typed if name in numbers else getattr(organisation, name, "")
        if current != before[name]:
            said.pop(name, None)
            continue
        if hasattr(organisation, name):
            setattr(organisation, name, value)
        else:
            _write_number(organisation, name, value)
        applied[name] = value
    organisation.imported_values = organisation.imported_values | said
    organisation.write_keys()
    organisation.save()
    change.after, change.applied_at = change.after | {"fields": applied}, timezone.now()
    change.save(update_fields=["after", "applied_at"])


def _write_number(organisation: Organisation, scheme: str, typed: str) -> None:
    organisation.identifiers.filter(scheme=scheme).delete()
    number_row(organisation, scheme, typed).save()


def _finish(one: Import, staging: Staging, by: Actor) -> None:
    one.state, one.finished_at, one.leased_until = Import.State.DONE, timezone.now(), None
    one.counts = staging.counts()
    one.options = one.options | {"written": {"new": one.created.count(), "changed": one.changes.count()}}
    with transaction.atomic():
        one.save()
        log("import", one, by=Actor(person=by.person or one.started_by, through=IMPORT), scope=SCOPE)

"""The dry run: every row of the file against the directory and against the rows before it. Nothing is written yet."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samverk.directory.identifiers import normalise
from samverk.directory.importing.conflicts import FILE, KEEP, is_about_conflicts, open_conflicts
from samverk.directory.importing.leases import hold, take_lease
from samverk.directory.importing.matching import (
    LIKE,
    OTHER_NAME,
    OTHER_NUMBER,
    OTHER_PLACE,
    Directory,
    judged,
)
from samverk.directory.importing.reading import Entry, entries_of
from samverk.directory.importing.staging import (
    CHANGED,
    CONFLICT,
    DOUBTFUL,
    ERROR,
    NEW,
    SKIPPED,
    CheckedRow,
    Staging,
    staging_of,
)
from samverk.directory.legal_forms import plain
from samverk.directory.likeness import name_key
from samverk.directory.models import Import, Organisation
from samverk.kit.acting import Actor, Refusal
from samverk.kit.codes import new_code
from samverk.kit.sheets import SheetError

BATCH = 500
TWICE, UNREADABLE, MEANWHILE = "twice_in_file", "unreadable_cell", "came_meanwhile"
ANSWERS = ("new", "same", "skip")

# Each kind of doubt and fault, as a person reads it, and the answers that make sense.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    OTHER_PLACE: (gettext_lazy("The same name in another place"), ANSWERS),
    OTHER_NAME: (gettext_lazy("The same number under another name"), ANSWERS),
    OTHER_NUMBER: (gettext_lazy("The same name and place with another number"), ANSWERS),
    LIKE: (gettext_lazy("A name very like another"), ANSWERS),
    TWICE: (gettext_lazy("Twice in the file, and not the same"), ("new", "skip")),
    MEANWHILE: (gettext_lazy("It came into the directory meanwhile"), ()),
    UNREADABLE: (gettext_lazy("A cell that cannot be read"), ("new", "skip")),
    "edited_by_hand": (gettext_lazy("Edited by hand since the last import"), ()),
    "faulty_row": (gettext_lazy("A row that cannot be read"), ()),
}


def ask_check(one: Import, *, by: Actor) -> Import:
    """Let the dry run begin; a worker takes it up, or ``check_import`` at once."""
    if one.state not in (Import.State.READ, Import.State.CHECKED, Import.State.FAILED):
        raise Refusal(_("This import is already on its way."), code="too_late")
    if "name" not in one.options["mapping"].values():
        raise Refusal(_("Choose which column holds the name."), code="no_name", field="mapping")
    with staging_of(one) as staging:
        staging.clear()
    one.state, one.rows_done, one.counts, one.error, one.leased_until = Import.State.CHECKING, 0, {}, "", None
    one.save()
    return one


def check_import(one: Import, *, by: Actor, seconds: float = 0) -> bool:
    """Check the rows that are not checked yet; with ``seconds`` only for so long. True when all are.

    A file that cannot be read to its end makes the import failed, with the reason in ``error``.
    """
    if one.state != Import.State.CHECKING:
        ask_check(one, by=by)
    if not take_lease(one, Import.State.CHECKING):
        return False
    until = time.monotonic() + seconds if seconds else None
    try:
        with staging_of(one) as staging:
            is_done = _check(one, staging, until)
            one.counts = staging.counts()
    except SheetError as fault:
        one.state, one.error = Import.State.FAILED, str(fault)
        one.leased_until = None
        one.save(update_fields=["state", "error", "leased_until"])
        return True
    if is_done:
        one.state, one.rows_total = Import.State.CHECKED, sum(one.counts.values())
    one.leased_until = None
    one.save(update_fields=["state", "counts", "rows_total", "leased_until"])
    return is_done


def _check(one: Import, staging: Staging, until: float | None) -> bool:
    done = staging.last_row()
    with translation.override(one.options["language"]):
        for batch in batched(entries_of(one, after=done), BATCH):
            staging.put(_checked(list(batch), staging))
            staging.commit()
            one.rows_done += len(batch)
            hold(one)
            if until and time.monotonic() > until:
                return False
    return True


def _checked(entries: list[Entry], staging: Staging) -> list[CheckedRow]:
    fit = [entry for entry in entries if not (entry.skipped or entry.error)]
    directory = Directory(fit)
    found = {entry.row: judged(entry, directory) for entry in fit}
    keys = {entry.row: _keys(entry, found[entry.row]) for entry in fit}
    earlier = staging.seen([key for of_row in keys.values() for key in of_row])
    seen_here: dict[str, Entry] = {}
    rows = []
    for entry in entries:
        if entry.skipped or entry.error:
            rows.append(_left_out(entry))
            continue
        checked = found[entry.row]
        _compare_with_file(entry, checked, keys[entry.row], earlier, seen_here, staging)
        if entry.unreadable and checked.status in (NEW, CHANGED, "same", CONFLICT):
            checked.status, checked.kind = ERROR, UNREADABLE
        checked.words = checked.words or " ".join([*entry.unreadable, *_number_words(entry), *entry.notes])
        rows.append(checked)
    staging.remember((key, entry.row) for key, entry in seen_here.items())
    _give_codes(rows, staging)
    return rows


def _left_out(entry: Entry) -> CheckedRow:
    if entry.skipped:
        return CheckedRow(entry.row, SKIPPED, words=entry.skipped)
    return CheckedRow(entry.row, ERROR, "faulty_row", entry.error, name=entry.name)


def _keys(entry: Entry, checked: CheckedRow) -> list[str]:
    """What makes two rows of a file one organisation: a right number, the same name and place, one known organisation."""
    numbers = (normalise(scheme, typed) for scheme, typed in entry.numbers.items() if scheme != "other")
    by_number = [
        f"n:{number.scheme}:{number.value}" for number in numbers if number.is_valid and number.value
    ]
    by_name = f"p:{name_key(entry.name)}|{plain(entry.fields.get('place', ''))}"
    # With numbers, the numbers decide: lists hold two organisations of one name in one town.
    is_known = checked.organisation is not None and checked.status != DOUBTFUL
    return [*(by_number or [by_name]), *([f"o:{checked.organisation}"] if is_known else [])]


def _compare_with_file(
    entry: Entry, checked: CheckedRow, keys: list[str], earlier: dict[str, int], here: dict[str, Entry], staging: Staging
) -> None:  # fmt: skip
    """A second row of one organisation: left out when it says the same, doubtful when it says something else."""
    key = next((key for key in keys if key in here or key in earlier), "")
    if not key:
        here.update(dict.fromkeys(keys, entry))
        return
    first = here.get(key) or _entry_at(earlier[key], staging)
    row = {"row": first.row}
    if (first.fields, first.numbers) == (entry.fields, entry.numbers):
        checked.status, checked.kind, checked.fields = SKIPPED, "", {}
        checked.words = _("The same as row %(row)s.") % row
    else:
        checked.status, checked.kind, checked.fields = DOUBTFUL, TWICE, {}
        checked.words = _("Row %(row)s is the same organisation with other values.") % row
    checked.organisation, checked.named = None, first.name


def _entry_at(row: int, staging: Staging) -> Entry:
    found = staging.at(row)
    entry = found.entry if found else {}
    return Entry(row, fields=entry.get("fields", {}), numbers=entry.get("numbers", {}))


def _number_words(entry: Entry) -> Iterator[str]:
    for scheme, typed in entry.numbers.items():
        number = normalise(scheme, typed)
        if words := str(number.problem or number.note or ""):
            yield f"{typed}: {words}"


def _give_codes(rows: list[CheckedRow], staging: Staging) -> None:
    """Rows that may become organisations get their public codes now, so that the report can name them."""
    waiting = [row for row in rows if not row.code and row.status in (NEW, DOUBTFUL, ERROR)]
    given: set[str] = set()
    while waiting:
        offers = [new_code() for _row in waiting]
        taken = staging.codes_taken(offers) | given
        taken |= set(Organisation.objects.filter(code__in=offers).values_list("code", flat=True))
        again = []
        for row, code in zip(waiting, offers, strict=True):
            if code in taken:
                again.append(row)
            else:
                row.code = code
                taken.add(code)
                given.add(code)
        waiting = again


def decide_alike(one: Import, kind: str, answer: str, *, by: Actor) -> Import:
    """Decide all doubts or faults of one kind: "new", "same" (it is the known one), "skip"; "" takes it back.

    Hand edits in a field of all rows, or of one row: "file" takes the file's value, "keep" what was typed.
    """
    if one.state != Import.State.CHECKED:
        raise Refusal(_("There is nothing to decide now."), code="too_late")
    answers = (FILE, KEEP) if is_about_conflicts(kind) else KINDS[kind][1] if kind in KINDS else ()
    if not answers or answer not in ("", *answers):
        raise Refusal(_("This answer does not fit the question."), code="no_answer")
    decisions = {name: value for name, value in one.decisions.items() if name != kind}
    one.decisions = decisions | ({kind: answer} if answer else {})
    one.save(update_fields=["decisions"])
    return one


WRITE_NEW, WRITE_CHANGE, LEAVE, WAIT = "new", "change", "leave", "wait"


def act_on(row: CheckedRow, decisions: dict[str, str]) -> str:
    """What writing does with a row: make it new, change the known one, leave it, or wait for a person."""
    return _act(row.status, row.kind, decisions, is_known=row.organisation is not None)


def _act(status: str, kind: str, decisions: dict[str, str], *, is_known: bool) -> str:
    if status == NEW:
        return WRITE_NEW
    if status in (CHANGED, CONFLICT):
        return WRITE_CHANGE
    if status not in (DOUBTFUL, ERROR):
        return LEAVE
    answer = decisions.get(kind, "")
    if answer == "new" and kind == UNREADABLE and is_known:
        return WRITE_CHANGE
    return {"new": WRITE_NEW, "same": WRITE_CHANGE, "skip": LEAVE}.get(answer, WAIT)


def will_write(one: Import, staging: Staging) -> int:
    """How many organisations writing would make or change: the number on the button."""
    total = one.counts.get(NEW, 0) + one.counts.get(CHANGED, 0) + one.counts.get(CONFLICT, 0)
    for status in (DOUBTFUL, ERROR):
        for kind, count in staging.kinds(status).items():
            if _act(status, kind, one.decisions, is_known=False) in (WRITE_NEW, WRITE_CHANGE):
                total += count
    return total


def waits_for_a_person(one: Import, staging: Staging) -> int:
    """Rows that do not go in, or not whole, until somebody decides: doubts, faults, hand edits."""
    waiting = open_conflicts(staging, one.decisions) if one.counts.get(CONFLICT) else 0
    for status in (DOUBTFUL, ERROR):
        for kind, count in staging.kinds(status).items():
            if one.decisions.get(kind) is None:
                waiting += count
    return waiting


def reason_of(row: CheckedRow) -> str:
    """Why a row is what it is, for the report."""
    about = str(KINDS[row.kind][0]) if row.kind in KINDS else ""
    if row.kind in (TWICE, UNREADABLE, "faulty_row"):
        about = ""
    named = f": {row.named}" if about and row.named and row.status == DOUBTFUL else ""
    return " · ".join(part for part in (about + named, row.words) if part)

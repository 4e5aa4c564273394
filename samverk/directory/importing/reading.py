"""From a file to the values of its rows: start an import, correct its guess, read it."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from samverk.directory.cells import read_cell, split_postcode
from samverk.directory.columns import FIELDS, guess_columns, header_words
from samverk.directory.identifiers import SCHEMES, guess_scheme, missing
from samverk.directory.importing.staging import folder_of, source_of
from samverk.directory.models import Import
from samverk.kit.acting import Actor, Refusal
from samverk.kit.sheets import Decided, Row, SheetGuess, guess_sheet, sheet_rows
from samverk.trail.commands import log

SCOPE = "directory"
# What a person may correct of a guess, besides the mapping.
CORRECTABLE = ("sheet", "encoding", "delimiter", "header_row", "header_height", "fill_down")
LONGEST = {"email": 254, "web": 200}
SHOWN_SAMPLES = 3


def start_import(file: BinaryIO, file_name: str, *, by: Actor, language: str = "") -> Import:
    """Take in a file, guess how to read it and what its columns are; nothing of it reaches the directory yet.

    Raises SheetError, in the reader's language, for a file that is no list.
    """
    content = hashlib.sha256()
    one = Import(file_name=file_name[:200], started_by=by.person)
    folder_of(one).mkdir(parents=True, mode=0o700)
    try:
        file.seek(0)
        with source_of(one).open("wb") as kept:
            while piece := file.read(1 << 20):
                content.update(piece)
                kept.write(piece)
        one.file_digest = content.hexdigest()
        one.options = {"language": language or translation.get_language() or "en"}
        _guess(one, {}, None)
    except BaseException:
        shutil.rmtree(folder_of(one), ignore_errors=True)
        raise
    with transaction.atomic():
        one.decisions = _earlier_decisions(one)
        one.save()
        log("start_import", one, by=by, scope=SCOPE)
    return one


def _earlier_decisions(one: Import) -> dict[str, str]:
    """The same file again: what was decided about it before still holds."""
    earlier = Import.objects.filter(file_digest=one.file_digest, state=Import.State.DONE).first()
    return dict(earlier.decisions) if earlier else {}


def correct_guess(one: Import, options: Mapping[str, Any], *, by: Actor) -> Import:
    """Read the file as a person says: any of sheet, encoding, delimiter, header_row, header_height, fill_down, mapping.

    ``mapping`` is {column: field} for all columns that are taken; without it the columns are guessed anew.
    Raises Refusal for a column or field that is not there, SheetError for a file that cannot be read so.
    """
    if one.state not in (Import.State.READ, Import.State.CHECKED, Import.State.FAILED):
        raise Refusal(_("This import is already on its way."), code="too_late")
    decided = {name: options[name] for name in CORRECTABLE if options.get(name) not in (None, "")}
    _guess(one, decided, options.get("mapping"))
    one.state, one.counts, one.rows_done, one.rows_total, one.error = Import.State.READ, {}, 0, 0, ""
    one.save()
    return one


def _guess(one: Import, decided: dict[str, Any], mapping: Mapping[str, str] | None) -> None:
    """Write into ``options`` how the file will be read."""
    with translation.override(one.options["language"]):
        sheet = guess_sheet(source_of(one), _decided(decided), header_words=header_words())
    guesses = {guess.column: guess for guess in guess_columns(sheet.columns)}
    names = {column.name for column in sheet.columns}
    if mapping is None:
        mapping = {
            column.name: guesses[column.index].field
            for column in sheet.columns
            if guesses[column.index].field
        }
    for name, target in mapping.items():
        if name not in names:
            raise Refusal(_("The file has no column “%(name)s”.") % {"name": name}, code="no_column")
        if target and target not in FIELDS:
            raise Refusal(_("An organisation has no field “%(name)s”.") % {"name": target}, code="no_field")
    one.options = {
        "language": one.options["language"],
        "decided": decided,
        "mapping": {name: target for name, target in mapping.items() if target},
        "kind": sheet.kind, "encoding": sheet.encoding, "delimiter": sheet.delimiter, "sheet": sheet.sheet,
        "sheets": [asdict(name) for name in sheet.sheets],
        "header_row": sheet.header_row, "header_height": sheet.header_height, "rows_about": sheet.rows_about,
        "doubts": [str(doubt) for doubt in sheet.doubts],
        "columns": [
            {
                "name": column.name, "letter": column.letter, "samples": [text[:80] for text in column.samples[:SHOWN_SAMPLES]],
                "fills_down": column.fills_down, "guess": guesses[column.index].field, "score": guesses[column.index].score,
                "reason": _in(one.options["language"], guesses[column.index].reason),
            }
            for column in sheet.columns
        ],
    }  # fmt: skip
    one.rows_total = sheet.rows_about


def _in(language: str, words: Any) -> str:
    with translation.override(language):
        return str(words)


def _decided(options: Mapping[str, Any]) -> Decided:
    values = dict(options)
    if values.get("fill_down") is not None:
        values["fill_down"] = tuple(values["fill_down"])
    return Decided(**values)


@dataclass
class Entry:
    """A row as values: ``fields`` of the organisation, ``numbers`` by scheme as typed, what could not be read, notes."""

    row: int
    fields: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return self.fields.get("name", "")


def entries_of(one: Import, *, after: int = 0) -> Iterator[Entry]:
    """The rows of the file below a row number, as decided in ``options``, in the language of who started."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(translation.override(one.options["language"]))
        decided = {
            name: one.options[name]
            for name in ("sheet", "encoding", "delimiter", "header_row", "header_height")
        }
        fill = [place for place, column in enumerate(one.options["columns"]) if column["fills_down"]]
        wanted = _decided(
            {name: value for name, value in decided.items() if value != ""} | {"fill_down": fill}
        )
        guess = guess_sheet(source_of(one), wanted, header_words=header_words())
        targets = _targets(guess, one.options["mapping"])
        country = _country(targets)
        for row in sheet_rows(source_of(one), guess):
            if row.number > after:
                yield read_entry(row, targets, country)


def _targets(guess: SheetGuess, mapping: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """(place, name of column, field) of the columns that are taken."""
    return [(c.index, c.name, mapping[c.name]) for c in guess.columns if mapping.get(c.name)]


def _country(targets: list[tuple[int, str, str]]) -> str:
    """Where the list is from, by the registers its columns name."""
    return next((SCHEMES[target].country for _place, _name, target in targets if target in SCHEMES), "")


def read_entry(row: Row, targets: list[tuple[int, str, str]], country: str) -> Entry:
    """One row as values."""
    entry = Entry(row.number, skipped=row.skipped, error=str(row.error) if row.error else "")
    if entry.skipped or entry.error:
        return entry
    for place, column, target in targets:
        typed = row.cells[place]
        if not typed:
            continue
        if target == "postcode_place":
            postcode, town = split_postcode(typed)
            _take(entry, column, "postcode", postcode)
            _take(entry, column, "place", town)
        elif target == "identifier" or target in SCHEMES:
            _take_number(entry, target, typed, country)
        else:
            _take(entry, column, target, typed)
    if not entry.name:
        entry.error = entry.unreadable[0] if entry.unreadable else _("It has no name.")
    return entry


def _take(entry: Entry, column: str, target: str, typed: str) -> None:
    cell = read_cell(target, typed)
    value, problem = cell.value, cell.problem
    if isinstance(value, str) and len(value) > LONGEST.get(target, len(value)):
        value, problem = None, _("It is too long.")
    if problem:
        entry.unreadable.append(f"{column}: {typed[:80]} – {problem}")
        return
    if cell.note:
        entry.notes.append(f"{column}: {cell.note}")
    if value in (None, "", []):
        return
    name = "languages" if target == "language" else target
    if name == "themes" and isinstance(value, list):
        entry.fields[name] = list(dict.fromkeys([*entry.fields.get(name, []), *value]))
    else:
        # Of two columns for one field the first that holds something counts.
        entry.fields.setdefault(name, value)


def _take_number(entry: Entry, target: str, typed: str, country: str) -> None:
    if missing(typed):
        return
    scheme = target if target in SCHEMES else guess_scheme(typed, country) or guess_scheme(typed) or "other"
    entry.numbers.setdefault(scheme, typed[:60])

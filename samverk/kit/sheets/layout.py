"""Where the list stands on its sheet: the header, columns that are filled once per group, rows that are no entries.

Everything here looks at the first few hundred rows and answers with a guess that a person may correct.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from samverk.kit.sheets.workbooks import Merge

Rows = Sequence[tuple[int, Sequence[str]]]
"""Row number (1-based) and cells."""

HEADER_WITHIN = 30
JOINT = " / "

NO_LABEL = re.compile(
    r"""[^@\s]+@[^@\s]+\.\w+          # e-mail
      | (https?://|www\.)\S+
      | \d{4}-\d\d?-\d\d?.* | \d\d?[./]\d\d?[./]\d{2,4}
      | [\d\s.,:+%/()–-]+              # numbers, phones, postcodes
      | \S{0,8}\d{5,}\S*               # identifiers
    """,
    re.VERBOSE,
)

TOTAL_WORDS = (
    "razem|suma|ogółem|łącznie|summa|totalt|total|totals|sum|sammanlagt|delsumma|subtotal|grand total|"
    "gesamt|insgesamt|summe|i alt|totalsumma|sum total|w sumie|antal|liczba"
)
TOTALS = re.compile(rf"(?:{TOTAL_WORDS})\b[\s:=.]*", re.IGNORECASE)
FOOTNOTE = re.compile(
    r"\*+\s|(?:källa|źródło|source|quelle|kilde|uwaga|uwagi|obs|note|anm)\s*[:.!]", re.IGNORECASE
)


@dataclass(frozen=True)
class Header:
    """Row number of the first header row (0: there is none), its height (0, 1 or 2) and the joined names."""

    row: int
    height: int
    names: tuple[str, ...]
    is_sure: bool = True

    @property
    def first_entry(self) -> int:
        """Number of the first row below the header."""
        return self.row + self.height if self.row else 1


def one_line(text: str) -> str:
    """Text without line breaks and double spaces: names come with both."""
    return " ".join(text.split())


def is_label(cell: str) -> bool:
    """Could this stand in a header? Words, not numbers, dates, addresses or identifiers."""
    return (
        0 < len(cell) <= 120 and any(sign.isalpha() for sign in cell) and not NO_LABEL.fullmatch(cell.strip())
    )


def find_header(rows: Rows, merges: Iterable[Merge] = (), words: Collection[str] = ()) -> Header:
    """Find the header in the first rows. `words` are names of columns one expects, folded to small letters."""
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        return Header(0, 0, ())
    usual = median(
        sorted((_count(cells) for _, cells in filled), reverse=True)[: max(1, len(filled) * 3 // 4)]
    )
    candidates = filled[:HEADER_WITHIN]
    scores = [
        _header_score(cells, filled[place + 1 :], usual, words) - place * 0.03
        for place, (_, cells) in enumerate(candidates)
    ]
    best = max(range(len(candidates)), key=scores.__getitem__)
    if scores[best] < 0.6:
        width = max(len(cells) for _, cells in filled)
        return Header(0, 0, ("",) * width, is_sure=False)
    header = _with_second_row(candidates, best, list(merges), filled)
    return Header(header.row, header.height, header.names, is_sure=scores[best] >= 0.9)


def header_at(rows: Rows, row: int, height: int, merges: Iterable[Merge] = ()) -> Header:
    """The header where a person says it is."""
    lines = [cells for number, cells in rows if row <= number < row + height]
    if height == 2 and len(lines) == 2:
        return Header(row, 2, _joined(lines[0], lines[1], row, list(merges)))
    return Header(row, height, tuple(map(one_line, lines[0])) if lines and height else ())


def _count(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def fold_word(text: str) -> str:
    """A header word without case, line breaks and closing signs, for comparing."""
    return one_line(text).casefold().strip(" :*.")


def _header_score(cells: Sequence[str], below: Rows, usual: float, words: Collection[str]) -> float:
    """About 1 for a plausible header, 2 for a certain one. Known words and columns of another kind below weigh most."""
    named = [(column, cell) for column, cell in enumerate(cells) if cell.strip()]
    breadth = min(1.0, len(named) / max(1.0, usual))
    if not named or breadth < 0.5 or (len(named) == 1 and usual >= 2):
        return 0.0
    labels = sum(is_label(cell) for _, cell in named) / len(named)
    distinct = len({fold_word(cell) for _, cell in named}) / len(named)
    if labels < 0.7:
        return 0.0
    # A header printed again on each page speaks for itself, not against.
    below = [(number, other) for number, other in below if list(other) != list(cells)]
    known = sum(fold_word(cell) in words for _, cell in named) / len(named)
    contrast = sum(_differs(column, below) for column, _ in named) / len(named)
    repeated = sum(_recurs(column, cell, below) for column, cell in named) / len(named)
    brief = 0.1 if max(len(cell) for _, cell in named) <= 60 else -0.2
    evidence = 1.2 * known + contrast - 1.5 * repeated + brief
    # Without any evidence the first full row is still the best guess: most lists have a header.
    return 0.4 * breadth + 0.3 * labels * distinct + max(-0.6, min(1.3, evidence))


def _differs(column: int, below: Rows) -> bool:
    """A name above numbers, dates or addresses."""
    values = [cells[column] for _, cells in below[:50] if column < len(cells) and cells[column].strip()]
    return len(values) > 0 and sum(not is_label(value) for value in values) > len(values) * 0.6


def _recurs(column: int, cell: str, below: Rows) -> bool:
    """A value that comes again further down is an entry, not a name."""
    word = fold_word(cell)
    return any(column < len(cells) and fold_word(cells[column]) == word for _, cells in below[:100])


def _with_second_row(candidates: Rows, best: int, merges: list[Merge], filled: Rows) -> Header:
    """The best row may be the lower or the upper half of a header of two rows."""
    number, cells = candidates[best]
    if best > 0:
        above_number, above = candidates[best - 1]
        if above_number == number - 1 and _are_halves(above, cells, above_number, merges):
            return Header(above_number, 2, _joined(above, cells, above_number, merges))
    if best + 1 < len(candidates):
        below_number, below = candidates[best + 1]
        rest = filled[best + 2 :]
        if (
            below_number == number + 1
            and _are_halves(cells, below, number, merges)
            and _is_lower_half(below, rest)
        ):
            return Header(number, 2, _joined(cells, below, number, merges))
    return Header(number, 1, tuple(map(one_line, cells)))


def _are_halves(top: Sequence[str], bottom: Sequence[str], row: int, merges: list[Merge]) -> bool:
    """Group names above, column names below, each filling gaps the other leaves."""
    if not all(is_label(cell) for cell in (*top, *bottom) if cell.strip()):
        return False
    width = max(len(top), len(bottom))
    upper = [column for column in range(width) if _at(top, column)]
    lower = [column for column in range(width) if _at(bottom, column)]
    gaps_below = [column for column in upper if column not in lower]
    gaps_above = [column for column in lower if column not in upper and column > min(upper, default=width)]
    joined = [merge for merge in merges if merge[0] == row and merge[1] < merge[3] and merge[2] == row]
    if joined:
        return any(merge[3] - merge[1] + 1 < width for merge in joined) and bool(gaps_above)
    # A title above a full header also leaves gaps; but it is one cell, at the left, over a row without gaps.
    return (
        bool(gaps_above) and (bool(gaps_below) or len(upper) >= 2) and len(upper) + len(lower) > width * 0.8
    )


def _is_lower_half(cells: Sequence[str], rest: Rows) -> bool:
    named = [(column, cell) for column, cell in enumerate(cells) if cell.strip()]
    return not any(_recurs(column, cell, rest) for column, cell in named) and len(rest) >= 1


def _joined(top: Sequence[str], bottom: Sequence[str], row: int, merges: list[Merge]) -> tuple[str, ...]:
    """“Address” over “Street”, “Postcode” becomes “Address / Street”, “Address / Postcode”."""
    spans = {merge[1]: merge[3] for merge in merges if merge[0] == row}
    names, group, until = [], "", -1
    for column in range(max(len(top), len(bottom))):
        upper, lower = _at(top, column), _at(bottom, column)
        if upper:
            group, until = upper, spans.get(column, -1)
        elif spans and column > until:
            group = ""
        names.append(JOINT.join(part for part in (group, lower) if part) if lower else upper)
    return tuple(names)


def _at(cells: Sequence[str], column: int) -> str:
    return one_line(cells[column]) if column < len(cells) else ""


def group_columns(entries: Rows, merges: Iterable[Merge], header: Header) -> tuple[int, ...]:
    """Columns with a value only on the first row of each group, when that is plain.

    Cells joined downwards say so themselves. Otherwise only the leftmost columns are looked at, and only when
    most of their cells are empty beside full rows, so that a rarely given phone number is never copied down.
    """
    entries = [(number, cells) for number, cells in entries if any(cell.strip() for cell in cells)]
    first = header.first_entry
    tall = Counter(
        left for top, left, bottom, right in merges if top >= first and bottom > top and left == right
    )
    by_merge = {column for column, count in tall.items() if count >= 2}
    by_shape = set()
    for column in range(len(header.names)):
        if _is_counter(column, entries):
            continue
        if not _is_group(column, entries):
            break
        by_shape.add(column)
    return tuple(sorted(by_merge | by_shape))


def _is_counter(column: int, entries: Rows) -> bool:
    values = [_at(cells, column).rstrip(".") for _, cells in entries]
    numbers = [int(value) for value in values if value.isdecimal()]
    return len(numbers) > len(values) * 0.8 and numbers == sorted(numbers)


def _is_group(column: int, entries: Rows) -> bool:
    values = [_at(cells, column) for _, cells in entries]
    given = [value for value in values if value]
    if len(given) < 2 or not values[0] or len(values) < 2 * len(given):
        return False
    if not all(is_label(value) for value in given) or any(
        one == two for one, two in zip(given, given[1:], strict=False)
    ):
        return False
    usual = median(_count(cells) for value, (_, cells) in zip(values, entries, strict=True) if value) - 1
    beside = [_count(cells) for value, (_, cells) in zip(values, entries, strict=True) if not value]
    return all(count >= max(1, usual * 0.5) for count in beside)


def _first(cells: Sequence[str]) -> str:
    for cell in cells:
        if text := cell.strip():
            return text
    return ""


def is_total(cells: Sequence[str], columns: int) -> bool:
    """A row that sums up. An organisation may well be called “Razem dla regionu”: words alone are not enough."""
    if not (found := TOTALS.match(_first(cells))):
        return False
    given = [cell.strip() for cell in cells if cell.strip()]
    rest = given[0][found.end() :]
    others_count = all(not any(sign.isalpha() for sign in cell) for cell in given[1:])
    if not rest or rest.strip(" .,:()").isdecimal():
        return others_count
    return others_count and len(given) > 1 and len(given) <= max(2, columns // 2)


def is_footnote(cells: Sequence[str]) -> bool:
    """“Source: …” or “* as of …”, alone on its row."""
    return FOOTNOTE.match(_first(cells)) is not None and _count(cells) == 1


def is_numbering(cells: Sequence[str]) -> bool:
    """1, 2, 3 … below the header, as official forms number their columns."""
    if _first(cells).strip("().") != "1":
        return False
    given = [cell.strip().strip("().") for cell in cells if cell.strip()]
    return len(given) >= 3 and given == [str(place) for place in range(1, len(given) + 1)]

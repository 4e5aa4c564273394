"""What a cell of a mapped column means: text of somebody's list to the value an organisation keeps.

Nothing is guessed silently: what cannot be read comes back with a problem and stays as typed in the report, what was
changed comes back with a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samverk.directory.columns import COUNTRIES, POSTCODE
from samverk.directory.identifiers import missing
from samverk.directory.legal_forms import form_of, plain
from samverk.kit.choices import Country, Language
from samverk.kit.sheets import one_line


@dataclass(frozen=True)
class Cell:
    """A value fit for its field (None where the cell holds none), with what is wrong or what was changed."""

    value: str | int | list[str] | None
    problem: str | Promise = ""
    note: str | Promise = ""


def read_cell(field: str, typed: str) -> Cell:
    """Read a cell of any field but the identifiers, which have `identifiers.normalise`."""
    text = typed.strip()
    if field not in ("name", "short_name", "size") and missing(text):
        return Cell(None)
    if not text:
        return Cell(None)
    reader = READERS.get(field)
    return reader(text) if reader else _line(text, LENGTHS.get(field, 0))


LONGEST = 1000
LENGTHS: Mapping[str, int] = {
    "name": 300, "short_name": 60, "legal_form": 120, "street": 200, "place": 120, "region": 120, "phone": 40,
    "postcode": 20,
}  # fmt: skip


def _line(text: str, longest: int = 0) -> Cell:
    """One line. Too long a text is a problem, not a cut: half a name is a wrong name."""
    line = one_line(text)
    if longest and len(line) > longest:
        return Cell(
            None,
            format_lazy(
                _("It has {found} letters; {longest} fit."), found=str(len(line)), longest=str(longest)
            ),
        )
    return Cell(line)


def _description(text: str) -> Cell:
    return Cell("\n".join(line.rstrip() for line in text.splitlines()).strip())


def _email(text: str) -> Cell:
    found = [part.removeprefix("mailto:").strip("<>.") for part in re.split(r"[;,\s]+", text) if "@" in part]
    if not found:
        return Cell(None, _("It is not an e-mail address."))
    try:
        validate_email(found[0])
    except ValidationError:
        return Cell(None, _("It is not an e-mail address."))
    return Cell(found[0], note=_("Only the first address is kept.") if len(found) > 1 else "")


def _web(text: str) -> Cell:
    """The first address, with https:// where nothing was written before it."""
    text = text[:LONGEST]
    found = re.search(
        r"(?:https?://|www\.)[^\s,;'\"<>\]]+|[^\s,;'\"<>@\]]+\.[a-z]{2,}(?:/[^\s,;'\"<>\]]*)?",
        text,
        re.IGNORECASE,
    )
    if not found:
        return Cell(None, _("It is not a web address."))
    address = found[0] if re.match(r"https?://", found[0], re.IGNORECASE) else f"https://{found[0]}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return Cell(None, _("It is not a web address."))
    return Cell(address, note=_("Only the first address is kept.") if "http" in text[found.end() :] else "")


def _phone(text: str) -> Cell:
    line = one_line(re.sub(r"\.0$", "", text))
    if sum(map(str.isdigit, line)) < 5:
        return Cell(None, _("It is not a phone number."))
    return _line(line, LENGTHS["phone"])


def _postcode(text: str) -> Cell:
    """211 40 in Sweden, 15-001 in Poland, as printed. A Polish one without its zero gets it back."""
    line = (
        one_line(re.sub(r"\.0$", "", text)).upper().removeprefix("SE-").removeprefix("S-").removeprefix("PL-")
    )
    if re.fullmatch(r"\d{5}", line):
        return Cell(line)
    if re.fullmatch(r"\d-\d{3}", line):
        return Cell(f"0{line}", note=_("A leading zero was put back."))
    return _line(line, LENGTHS["postcode"])


def _country(text: str) -> Cell:
    code = COUNTRIES.get(plain(text), "")
    if code:
        return Cell(code)
    return Cell(
        Country.OTHER.value, note=format_lazy(_("{country} is not in our list."), country=one_line(text))
    )


def _founded(text: str) -> Cell:
    """The year, from a year or a date."""
    found = re.search(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", text)
    if not found or int(found[1]) > date.today().year:
        return Cell(None, _("No year was found in it."))
    return Cell(int(found[1]))


def _size(text: str) -> Cell:
    """The class of size from a number or a range of employed people: 0, 1–9, 10–49, 50 and more."""
    numbers = [int(number) for number in re.findall(r"\d{1,7}", re.sub(r"[.,]0$", "", text[:LONGEST]))]
    if not numbers:
        words = {"micro": "micro", "mikro": "micro", "small": "small", "liten": "small", "mala": "small", "male": "small",
                 "medium": "medium", "mellan": "medium", "srednia": "medium", "srednie": "medium", "large": "large",
                 "stor": "large", "duza": "large", "duze": "large", "inga": "micro", "brak": "micro", "none": "micro"}  # fmt: skip
        known = words.get(plain(text))
        return Cell(known) if known else Cell(None, _("No number of employed people was found in it."))
    people = max(numbers)
    return Cell("micro" if people == 0 else "small" if people < 10 else "medium" if people < 50 else "large")


def _sector(text: str) -> Cell:
    found = form_of(text)
    if not found.sector:
        return Cell(None, _("This kind of organisation is not known. Choose its sector."))
    return Cell(found.sector)


def _themes(text: str) -> Cell:
    """A list: parted by semicolons, bars or line breaks where there are any, otherwise by commas."""
    bare = text.strip("[] ")
    parts = re.split(r"[;|\n\u2022]", bare) if re.search(r"[;|\n\u2022]", bare) else bare.split(",")
    return Cell(list(dict.fromkeys(theme for part in parts if (theme := one_line(part).strip(" '\"#")))))


LANGUAGES: Mapping[str, str] = {
    plain(name): code
    for code, names in {
        "sv": "sv, svenska, szwedzki, swedish, schwedisch, svensk",
        "pl": "pl, polska, polski, polish, polnisch, polsk",
        "en": "en, engelska, angielski, english, englisch, engelsk",
        "de": "de, tyska, niemiecki, german, deutsch, tysk",
        "nb": "nb, no, norska, norweski, norwegian, norwegisch, norsk, bokmål",
    }.items()
    for name in names.split(",")
}


def _language(text: str) -> Cell:
    """Codes of the languages named; those we do not write in are left out and said."""
    words = [word for word in re.split(r"[;,/|&\s]+|\b(?:och|and|und|og|i|oraz)\b", text) if word.strip()]
    known = list(dict.fromkeys(LANGUAGES[plain(word)] for word in words if plain(word) in LANGUAGES))
    left_out = [word for word in words if plain(word) not in LANGUAGES]
    names = ", ".join(str(Language(code).label) for code in known)
    note = format_lazy(
        _("Not one of our languages: {words}. Kept: {names}."), words=", ".join(left_out), names=names or "–"
    )
    return Cell(known or None, note=note if left_out else "")


def split_postcode(typed: str) -> tuple[str, str]:
    """Postcode and place from one cell: “211 40 Malmö”. Without a postcode the whole is the place."""
    text = one_line(typed)
    found = re.match(rf"({POSTCODE}),?\s+(\S.*)", text, re.IGNORECASE)
    return (found[1].upper(), found[2]) if found else ("", text)


READERS: Mapping[str, Callable[[str], Cell]] = {
    "description": _description,
    "email": _email,
    "web": _web,
    "phone": _phone,
    "postcode": _postcode,
    "country": _country,
    "founded": _founded,
    "size": _size,
    "sector": _sector,
    "themes": _themes,
    "language": _language,
}

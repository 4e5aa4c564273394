"""Numbers of organisations in registers: what was typed, what it means, and whether it can be right.

A scheme is a line of data: code as in org-id.guide, country, how long its numbers are, how they are checked.
Numbers arrive through Excel, which drops leading zeros and writes 8.02E+09. A lost zero is put back only where
a check digit then agrees; a number that lost figures is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from personnummer import personnummer
from stdnum import lei, luhn
from stdnum.de import handelsregisternummer
from stdnum.exceptions import ValidationError
from stdnum.no import fodselsnummer
from stdnum.no import orgnr as no_orgnr
from stdnum.pl import nip, pesel, regon

Words = str | Promise

LONGEST = 60
# A check digit agrees with one made-up number in ten, so many zeros are never put back on its word.
ZEROS_LOST = 3


@dataclass(frozen=True)
class Scheme:
    """A register's numbers. `lengths` counts figures; empty where a number is not of figures alone.

    `check` says whether a number of right length can exist; None where the register has no check digit.
    `pads` is True where registers print leading zeros that people leave out and no check digit could tell.
    """

    code: str
    country: str
    name: Words
    lengths: tuple[int, ...] = ()
    check: Callable[[str], bool] | None = None
    form: re.Pattern[str] | None = None
    pads: bool = False
    labels: tuple[str, ...] = ()
    personal: Callable[[str], str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Identifier:
    """A number as typed, and as the register writes it.

    `problem` says what is wrong (then `is_valid` is False), `note` what was changed or should be looked at.
    `is_doubtful` is True where a person should compare with the source. `is_personal` means that the number
    belongs to a person: keep it out of everything public.
    """

    scheme: str
    typed: str
    value: str
    is_valid: bool
    problem: Words = ""
    note: Words = ""
    is_personal: bool = False
    is_doubtful: bool = False


def _se_person(figures: str) -> str:
    """The number in ten figures when it is a Swedish personal or coordination number, otherwise nothing.

    In a number of an organisation the third figure is 2 or more, so it never reads as a month.
    """
    if len(figures) == 9:
        # People born in the years 2000 to 2009 lose their first figure in a spreadsheet.
        figures = "0" + figures
    if len(figures) not in (10, 12) or figures[-8] > "1" or not personnummer.valid(figures):
        return ""
    return figures[-10:]


def _pl_person(figures: str) -> str:
    return figures if len(figures) == 11 and pesel.is_valid(figures) else ""


def _no_person(figures: str) -> str:
    return figures if len(figures) == 11 and fodselsnummer.is_valid(figures) else ""


def _se_organisation(figures: str) -> bool:
    """The first figure is a kind of body and never 0; the third keeps it apart from people's numbers."""
    return luhn.is_valid(figures) and figures[0] != "0" and figures[2] >= "2"


def _pl_tax(figures: str) -> bool:
    """A tax number begins with the number of a tax office, which never begins with 0."""
    return nip.is_valid(figures) and figures[0] != "0"


SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        scheme.code: scheme
        for scheme in (
            Scheme(
                "SE-ON", "SE", _("Swedish organisation number"), (10,), _se_organisation,
                labels=("org.nr", "orgnr", "organisationsnummer", "org nr", "org.nummer", "se"),
                personal=_se_person,
            ),
            Scheme("PL-KRS", "PL", _("Polish court register (KRS)"), (10,), pads=True,
                   labels=("nr krs", "krs"), personal=_pl_person),
            Scheme("PL-NIP", "PL", _("Polish tax number (NIP)"), (10,), _pl_tax,
                   labels=("nr nip", "nip", "pl"), personal=_pl_person),
            Scheme("PL-REGON", "PL", _("Polish statistical number (REGON)"), (9, 14), regon.is_valid,
                   labels=("nr regon", "regon"), personal=_pl_person),
            Scheme("NO-BRC", "NO", _("Norwegian organisation number"), (9,), no_orgnr.is_valid,
                   labels=("org.nr", "orgnr", "organisasjonsnummer", "no"), personal=_no_person),
            Scheme("DE-CR", "DE", _("German court register"), check=handelsregisternummer.is_valid),
            Scheme("GB-CHC", "GB", _("Charity number, England and Wales"), form=re.compile(r"\d{6,7}(?:-\d{1,3})?"),
                   labels=("charity no", "charity number", "gb")),
            Scheme("GB-MPR", "GB", _("Mutuals public register"), form=re.compile(r"[A-Z]{0,2}\d{1,6}[A-Z]{0,5}")),
            Scheme("GB-COH", "GB", _("Companies House"), form=re.compile(r"\d{6,8}|[A-Z]{2}[\dA-Z]{6}")),
            Scheme("XI-LEI", "", _("Legal entity identifier (LEI)"), check=lei.is_valid, form=re.compile(r"[A-Z0-9]{18}\d{2}")),
        )
    }
)  # fmt: skip


def normalise(scheme: str, typed: str) -> Identifier:
    """Read a number of a scheme as typed. An unknown scheme keeps the number as it is, unchecked."""
    text = " ".join(unicodedata.normalize("NFKC", typed).split()).removeprefix("'")
    if len(text) > LONGEST:
        return Identifier(
            scheme, typed, text[:LONGEST], is_valid=False, problem=_("It is too long for a number.")
        )
    if not text:
        return _empty(scheme, typed)
    known = SCHEMES.get(scheme)
    if known is None:
        return Identifier(scheme, typed, text, is_valid=True, note=_("No check is known for this register."))
    if text[: len(scheme) + 1].upper() == f"{scheme}-":
        text = text[len(scheme) + 1 :]
    if not text:
        return _empty(scheme, typed)
    return _of_figures(known, typed, text) if known.lengths else _of_signs(known, typed, text)


def _empty(scheme: str, typed: str) -> Identifier:
    return Identifier(scheme, typed, "", is_valid=False, problem=_("No number is written."))


def missing(text: str) -> bool:
    """Is this cell a way of saying that there is no number: a dash, “brak”, “saknas”, “none”?"""
    return " ".join(text.casefold().split()).strip(" .") in {
        "", "-", "–", "—", "brak", "nie dotyczy", "n/d", "nd", "b/d", "bd", "saknas", "ej aktuellt", "inget", "okänt",
        "none", "n/a", "na", "missing", "keine", "keins", "fehlt", "ingen", "mangler", "0", "x", "?",
    }  # fmt: skip


def _of_figures(scheme: Scheme, typed: str, text: str) -> Identifier:
    """A number made of figures, perhaps through Excel, perhaps with its label in front."""
    from_excel = _undo_excel(text)
    if from_excel == "":
        problem = _("A spreadsheet rounded this number. Look it up in the register and write it again.")
        return Identifier(scheme.code, typed, text, is_valid=False, problem=problem, is_doubtful=True)
    figures = re.sub(r"[\s.\-–/+]|MVA$", "", _without_label(scheme, from_excel or text))
    if not figures.isascii() or not figures.isdigit():
        problem = _("Only figures belong in this number.")
        return Identifier(scheme.code, typed, figures, is_valid=False, problem=problem)
    if scheme.personal and (person := scheme.personal(figures)):
        return _personal(scheme, typed, person)
    figures = _without_extras(scheme, figures)
    if len(figures) in scheme.lengths:
        return _checked(
            scheme, typed, figures, note=_("Excel had made a decimal number of it.") if from_excel else ""
        )
    return _with_zeros(scheme, typed, figures)


def _undo_excel(text: str) -> str | None:
    """Figures of 802003123.0 or 8.02003123E+08; None where Excel was not at work; empty where figures are lost."""
    if found := re.fullmatch(r"(\d+)[.,]00?", text):
        return found[1]
    if not (found := re.fullmatch(r"(\d(?:[.,]\d+)?)[eE]\+?(\d{1,2})", text)):
        return None
    try:
        figures = str(int(Decimal(text.replace(",", "."))))
    except InvalidOperation:
        return ""
    # 8.02E+09 kept three figures of ten. A true number ends in ten zeros too seldom to believe it.
    shown = len(re.sub(r"[.,]", "", found[1]))
    return figures if shown >= len(figures) - 1 else ""


def _without_label(scheme: Scheme, text: str) -> str:
    """“Org.nr: 802003-1234” without its label. Most numbers have none."""
    if text[:1].isdigit() or not scheme.labels:
        return text
    labels = "|".join(map(re.escape, scheme.labels))
    return re.sub(rf"^(?:{labels})\s*[.:]?\s*(?=\d)", "", text, flags=re.IGNORECASE)


def _without_extras(scheme: Scheme, figures: str) -> str:
    """Swedish numbers come with 16 in front (as authorities send them) or 01 behind (as VAT numbers)."""
    if scheme.code != "SE-ON" or len(figures) != 12:
        return figures
    if figures.startswith("16"):
        return figures[2:]
    return figures[:10] if figures.endswith("01") and _se_organisation(figures[:10]) else figures


def _personal(scheme: Scheme, typed: str, figures: str) -> Identifier:
    note = _("This is a person's number. It is kept out of everything public.")
    if scheme.code == "SE-ON":
        # Sole traders do have it as their organisation number, so it is right, and still personal.
        return Identifier(
            scheme.code, typed, _written(scheme, figures), is_valid=True, note=note, is_personal=True
        )
    problem = _("This is a person's number (PESEL), not an organisation's.")
    return Identifier(
        scheme.code, typed, figures, is_valid=False, problem=problem, note=note, is_personal=True
    )


def _checked(
    scheme: Scheme, typed: str, figures: str, note: Words = "", is_doubtful: bool = False
) -> Identifier:
    value = _written(scheme, figures)
    if scheme.check and not scheme.check(figures):
        problem = _("The check digit does not agree. Compare it with the register.")
        return Identifier(
            scheme.code, typed, value, is_valid=False, problem=problem, note=note, is_doubtful=True
        )
    if not figures.strip("0"):
        return Identifier(scheme.code, typed, value, is_valid=False, problem=_("It has only zeros."))
    if scheme.code == "PL-KRS" and not figures.startswith("00"):
        note, is_doubtful = _("Numbers of this register begin with zeros. Is it a NIP?"), True
    return Identifier(scheme.code, typed, value, is_valid=True, note=note, is_doubtful=is_doubtful)


def _with_zeros(scheme: Scheme, typed: str, figures: str) -> Identifier:
    """A number that is too short may have lost its zeros; whether it has, only a check digit can tell."""
    wanted = [length for length in scheme.lengths if length > len(figures)]
    for length in wanted:
        padded = figures.zfill(length)
        if length - len(figures) > ZEROS_LOST and not scheme.pads:
            break
        if scheme.check and scheme.check(padded):
            note = _("Leading zeros were put back; the check digit then agrees.")
            return Identifier(
                scheme.code, typed, _written(scheme, padded), is_valid=True, note=note, is_doubtful=True
            )
        if scheme.pads:
            note = _("Leading zeros were put back, as the register writes them.")
            return _checked(scheme, typed, padded, note)
    lengths = " / ".join(map(str, scheme.lengths))
    problem = format_lazy(
        _("It has {found} figures; this number has {wanted}."), found=str(len(figures)), wanted=lengths
    )
    return Identifier(scheme.code, typed, figures, is_valid=False, problem=problem, is_doubtful=bool(wanted))


def _written(scheme: Scheme, figures: str) -> str:
    """As the register prints it: 802003-1234 in Sweden, figures alone elsewhere."""
    return f"{figures[:6]}-{figures[6:]}" if scheme.code == "SE-ON" else figures


def _of_signs(scheme: Scheme, typed: str, text: str) -> Identifier:
    """A number with letters in it, or of a register that allows several forms."""
    if scheme.code == "DE-CR":
        try:
            return Identifier(scheme.code, typed, handelsregisternummer.validate(text), is_valid=True)
        except ValidationError:
            problem = _("Write the court, the register and the number, as in Berlin VR 12345.")
            return Identifier(scheme.code, typed, text, is_valid=False, problem=problem)
    value = re.sub(r"\s", "", _without_label(scheme, _undo_excel(text) or text)).upper()
    fits = scheme.form is None or scheme.form.fullmatch(value) is not None
    if not fits or (scheme.check and not scheme.check(value)):
        problem = _("It does not look like a number of this register. Compare it with the register.")
        return Identifier(scheme.code, typed, value, is_valid=False, problem=problem)
    return Identifier(scheme.code, typed, value, is_valid=True)


def guess_scheme(typed: str, country: str = "", among: Iterable[str] | None = None) -> str:
    """The scheme a number belongs to by its look, most telling first; empty where none fits.

    Ten figures alone are a NIP, an organisation number or a KRS: the check digits decide, then the country.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return ""
    for code in SCHEMES:
        if text.upper().startswith(f"{code}-"):
            return code
    allowed = set(among) if among is not None else set(SCHEMES)
    likely = [
        scheme for scheme in SCHEMES.values() if scheme.code in allowed and country in ("", scheme.country)
    ]
    fits = [scheme for scheme in likely if _fits(scheme, text, country)]
    return max(fits, key=lambda scheme: _certainty(scheme, text)).code if fits else ""


def _fits(scheme: Scheme, text: str, country: str) -> bool:
    found = normalise(scheme.code, text)
    if not found.is_valid or found.is_doubtful:
        return False
    if scheme.pads:
        return re.search(r"\d{10}", text) is not None
    # Any short number could be one of a register without check digits; only its country makes it likely.
    return scheme.check is not None or bool(country)


def _certainty(scheme: Scheme, text: str) -> int:
    """Labels and check digits say more than length. A KRS number begins with zeros, a NIP never does."""
    figures = re.sub(r"\D", "", text)
    certainty = (
        4 if any(text.casefold().startswith(label) for label in scheme.labels if len(label) > 2) else 0
    )
    if scheme.code == "PL-KRS" and figures.startswith("000"):
        certainty += 3
    if scheme.code == "SE-ON" and re.fullmatch(r"(?:16)?\d{6}-\d{4}", text):
        certainty += 2
    if scheme.code == "PL-NIP" and re.fullmatch(r"\d{3}-\d{3}-\d{2}-\d{2}|\d{3}-\d{2}-\d{2}-\d{3}", text):
        certainty += 3
    return certainty + (1 if scheme.check else 0)

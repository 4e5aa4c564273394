"""Lists of organisations as they really come, made by code."""

from __future__ import annotations

import io

from samverk.directory.importing.checking import check_import
from samverk.directory.importing.reading import start_import
from samverk.directory.importing.staging import CheckedRow, staging_of
from samverk.directory.importing.writing import write_import
from samverk.directory.models import Import
from samverk.kit.acting import THE_SHELL

HEADER = "Namn;Organisationsnummer;Ort;E-post"


def text(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\r\n".join([header, *lines, ""]).encode(encoding))


def number(serial: int) -> str:
    """A Swedish organisation number that can be right: 802000-0000 and on."""
    bare = f"80{2000000 + serial:07d}"
    total = 0
    for place, sign in enumerate(bare):
        digit = int(sign) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return f"{bare[:6]}-{bare[6:]}{-total % 10}"


def many(rows: int, *, start: int = 0, place: str = "Malmö") -> list[str]:
    return [f"Förening {n};{number(n)};{place};info{n}@example.org" for n in range(start, start + rows)]


def checked(file: io.BytesIO, name: str = "list.csv") -> Import:
    one = start_import(file, name, by=THE_SHELL, language="en")
    check_import(one, by=THE_SHELL)
    return one


def taken_in(file: io.BytesIO, name: str = "list.csv") -> Import:
    one = checked(file, name)
    assert write_import(one, by=THE_SHELL)
    one.refresh_from_db()
    return one


def rows(one: Import) -> list[CheckedRow]:
    with staging_of(one) as staging:
        return list(staging.rows())


def found(one: Import) -> dict[str, int]:
    """The counts that are not nought."""
    with staging_of(one) as staging:
        return {status: count for status, count in staging.counts().items() if count}

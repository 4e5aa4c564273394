"""The code of a printed page: `BCDFGHJKM-2-TXRW`, the list, its page, and four letters that only we can make.

Sixteen capital letters, digits and dashes fit the smallest QR code, whose squares are large enough for bad photos.
The signature keeps a slip of the pen, and codes of other installations, from being taken for a page of ours.
"""

from __future__ import annotations

import re

from django.utils.crypto import constant_time_compare, salted_hmac

from samverk.kit.codes import LETTERS, SHORT

PRINT_LETTERS = 9
_OWN = re.compile(rf"([{LETTERS}]{{{PRINT_LETTERS}}})(\d{{1,3}})([{LETTERS}]{{4}})")
# What lists carried before they had codes of their own: the session and the page.
_OLD = re.compile(rf"([{LETTERS}]{{{SHORT}}})(\d{{1,3}})")


def page_code(printed: str, number: int) -> str:
    """What is printed on a page, as QR and in letters."""
    return f"{printed}-{number}-{_signature(printed, number)}"


def read_page_code(text: str) -> tuple[str, int] | None:
    """(code of the print, page) of a code as it is read or typed; None where we have not made it."""
    found = _OWN.fullmatch(_bare(text))
    if not found or not constant_time_compare(found[3], _signature(found[1], int(found[2]))):
        return None
    return found[1], int(found[2])


def read_session_code(text: str) -> str:
    """The session of a list printed without codes of its own, or nothing."""
    found = _OLD.fullmatch(_bare(text))
    return found[1] if found else ""


def _bare(text: str) -> str:
    return "".join(sign for sign in text[:80].upper() if sign.isascii() and sign.isalnum())


def _signature(printed: str, number: int) -> str:
    value = int(salted_hmac("samverk.paper", f"{printed}-{number}", algorithm="sha256").hexdigest(), 16)
    return "".join(LETTERS[value // len(LETTERS) ** place % len(LETTERS)] for place in range(4))

"""Tickets: what a scanned or typed text says, and how a device knows a ticket without holding its code."""

from __future__ import annotations

import re

from samverk.activities.models import Registration, Session
from samverk.kit.codes import digest, typed_code

CODE_LENGTH = 12
_ON_TICKET = re.compile(r"/tickets/([A-Za-z]{12})/?(?:[?#].*)?$")


def code_in(text: str) -> str:
    """The check-in code in what a camera read or somebody typed, or nothing: tickets hold an address that ends with it."""
    text = text.strip()
    if "://" in text:
        found = _ON_TICKET.search(text)
        text = found[1] if found else ""
    code = typed_code(text)
    # What is longer, or holds other letters, is no ticket that was typed a little wrong.
    plain = re.sub(r"[\s-]", "", text)
    return code if len(code) == CODE_LENGTH and len(plain) == CODE_LENGTH else ""


def in_groups(code: str) -> str:
    """BKDMPQRSTVWX as people read and type it: BKDM PQRS TVWX."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def ticket_digest(session: Session, code: str) -> str:
    """What a phone keeps instead of the code: it knows the ticket again and cannot make one."""
    return digest(f"{session.code}:{code}")[:24]


def ticket_of(code: str) -> Registration | None:
    """The registration of a check-in code, with its activity."""
    related = Registration.objects.select_related("activity__programme", "person", "organisation")
    return related.filter(check_in_code=code).first() if code else None

"""Who acts, and how a command says no."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

SESSION, LINK, SHELL, CLOCK, IMPORT = "session", "link", "shell", "clock", "import"


@dataclass(frozen=True)
class Actor:
    """A person or none, through session, personal link, shell, clock or import; on behalf of whom, in words."""

    person: Any = None
    through: str = SESSION
    on_behalf_of: str = ""
    address: str = ""

    @property
    def is_person(self) -> bool:
        return self.person is not None


THE_CLOCK = Actor(through=CLOCK)
THE_SHELL = Actor(through=SHELL)


def actor_of(request: Any) -> Actor:
    """The actor of a signed-in request."""
    person = request.user if request.user.is_authenticated else None
    return Actor(person=person, through=SESSION, address=address_of(request))


def address_of(request: Any) -> str:
    """The address a request came from. Only what our own proxies wrote into X-Forwarded-For is believed."""
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.SAMVERK_PROXIES
    address = told[-proxies] if proxies and len(told) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:
        return ""


class Refusal(Exception):
    """A command or rule says no. The reason is a sentence a screen can show; the code is for tests and programs."""

    def __init__(self, reason: str | Promise, *, code: str = "", field: str = "", **facts: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.code = code
        self.field = field
        self.facts = facts

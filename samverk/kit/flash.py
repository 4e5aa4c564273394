"""The line at the top of the next page: what was done, and a button that takes it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

LEVELS = {
    "ok": messages.SUCCESS,
    "info": messages.INFO,
    "wait": messages.WARNING,
    "bad": messages.ERROR,
}
KINDS = {level: kind for kind, level in LEVELS.items()}


@dataclass(frozen=True)
class Line:
    """One line to show: its kind, its text and, where it can be undone, the address to post to."""

    kind: str
    text: str
    undo: str = ""


def tell(request: HttpRequest, text: str, *, undo: str = "", kind: str = "ok") -> None:
    """Say `text` on the next page. `undo` is an address that takes the act back by POST."""
    messages.add_message(request, LEVELS[kind], text, extra_tags=undo)


def lines(request: HttpRequest) -> list[Line]:
    """The lines that wait for this page; they are shown once."""
    return [
        Line(kind=KINDS.get(message.level, "info"), text=message.message, undo=message.extra_tags or "")
        for message in messages.get_messages(request)
    ]

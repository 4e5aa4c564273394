"""The access table: every address of ours, and who gets what.

A line is ``"surface:name": door(...)``. Doors:

* ``anyone()`` — visitors and everybody else.
* ``link(...)`` — whoever holds the personal link; nobody by other means. ``args`` makes a real token.
* ``signed_in()`` — every signed-in person; a visitor is led to sign-in.
* ``only("coordinator", ...)`` — these of the cast; other signed-in people get 404 (they cannot see the thing),
  those named in ``forbidden=(...)`` see it but may not do it: 403. A visitor is led to sign-in.

``post=True`` marks an address that answers POST only. ``args`` is a function of the cast giving the address's
arguments. Every door is tried with every role in test_access.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.cast import ROLES, Cast

Arguments = Callable[[Cast], dict[str, Any]]
TEAM = ("coordinator", "mentor", "partner_staff", "controller")


def nothing(cast: Cast) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Door:
    """Who passes, who is refused though seeing the thing, by which method."""

    passes: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    args: Arguments = nothing
    post: bool = False
    needs_sign_in: bool = True


def anyone(args: Arguments = nothing, *, post: bool = False) -> Door:
    return Door(passes=ROLES, args=args, post=post, needs_sign_in=False)


def link(args: Arguments, *, post: bool = False) -> Door:
    return Door(passes=ROLES, args=args, post=post, needs_sign_in=False)


def signed_in(args: Arguments = nothing, *, post: bool = False) -> Door:
    return Door(passes=tuple(role for role in ROLES if role != "visitor"), args=args, post=post)


def only(*passes: str, args: Arguments = nothing, forbidden: tuple[str, ...] = (), post: bool = False) -> Door:
    return Door(passes=passes, forbidden=forbidden, args=args, post=post)


def activity(cast: Cast) -> dict[str, Any]:
    return {"code": cast.activity.code}


def session(cast: Cast) -> dict[str, Any]:
    return {"code": cast.session.code}


def programme(cast: Cast) -> dict[str, Any]:
    return {"code": cast.programme.code}


def organisation(cast: Cast) -> dict[str, Any]:
    return {"code": cast.organisation.code}


# Third-party prefixes and the door that guards them: none.
ACCESS: dict[str, Door] = {
    # kit
    "health": anyone(),
    "comfort": anyone(post=True),
    "language": anyone(post=True),
    "gallery": anyone(),
    # public
    # portal: sign-in
    # portal: my page
    # portal: place
    # portal: hours
    # portal: organisations
    # office: today, trail, undo
    # office: programmes
    # office: activities
    # office: people
    # office: organisations
    # office: hours
    # office: reports
    # office: mail
    # demo
}

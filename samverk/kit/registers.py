"""The registration points through which a lower floor asks upward. They are filled in each app's ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


class Register[K, V]:
    """A named place where upper floors put answers. A key is taken once."""

    def __init__(self, about: str) -> None:
        self.about = about
        self._entries: dict[K, V] = {}

    def add(self, key: K, value: V) -> None:
        if self._entries.get(key, value) is not value:
            raise ValueError(f"{self.about}: {key} is taken")
        self._entries[key] = value

    def get(self, key: K) -> V | None:
        return self._entries.get(key)

    def __iter__(self) -> Iterator[tuple[K, V]]:
        return iter(self._entries.items())


# Before: may attendance of this session change? Raises Refusal. After, in the same transaction: mark it to post.
attendance_guards: Register[str, Any] = Register(
    "attendance guard: object with may_change(session) and changed(session)"
)
merge_movers: Register[str, Callable[..., Any]] = Register(
    "what a merge must move: function(kind, survivor, absorbed)"
)
export_parts: Register[str, Callable[..., Any]] = Register(
    "what an export of a person holds: function(person)"
)
erasures: Register[str, Callable[..., Any]] = Register("what an erasure must do: function(person)")
# Name of a reverse command -> function(entry, by).
reversals: Register[str, Callable[..., Any]] = Register(
    "what an undo can reverse: function(thing_id, facts, by)"
)

# Not questions upward but plug points of the worker and the post.
duties: Register[str, Any] = Register("what the worker does: samverk.kit.duties.Duty")
composers: Register[str, Callable[..., Any]] = Register("who composes a mail of this kind: function(mail)")
doctors: Register[str, Callable[..., Any]] = Register(
    "who finds missing, double or stuck rows: function() -> list[str]"
)
# Who works in the office: function(person) -> bool. Their browsers stay signed in for a working day only.
office_workers: Register[str, Callable[[Any], bool]] = Register(
    "who works in the office: function(person) -> bool"
)
# What the health page says: function() -> (is well, what was measured).
vital_signs: Register[str, Callable[[], tuple[bool, Any]]] = Register("what the health page says")

"""Confirms most of the demo's hours: by the persons and, where the rules ask, by their employers."""

from __future__ import annotations

from samverk.demo.history import Story
from samverk.people.models import Person


def attest_history(story: Story, cast: dict[str, Person]) -> None:
    """Nine of ten months of each person are confirmed; the rest waits, as it does in life."""

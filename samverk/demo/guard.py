"""The demo signs in as anybody, so it runs on nothing but example data."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from samverk.trail.queries import is_marked

MARK = "example_data"


def refuse_unmarked() -> None:
    """Raise ImproperlyConfigured unless bin/demo made this database."""
    if not is_marked(MARK):
        raise ImproperlyConfigured(
            "SAMVERK_DEMO: this database was not made by bin/demo, so the demo's sign-in stays out. Write no."
        )

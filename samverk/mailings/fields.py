"""Fields in a text: ``{given name}`` becomes the person's own. Their names may be written in any language we ship.

A text is plain; what stands in a field is put in as it is, and never read as a field again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

# Key -> its name in English, as people write it between braces.
FIELDS = {
    "given_name": gettext_noop("given name"),
    "name": gettext_noop("whole name"),
    "organisation": gettext_noop("organisation"),
    "activity": gettext_noop("activity"),
    "day": gettext_noop("day"),
    "time": gettext_noop("time"),
    "venue": gettext_noop("venue"),
    "contact": gettext_noop("contact person"),
}
_FIELD = re.compile(r"\{([^{}\n]{1,40})\}")


@cache
def _keys() -> dict[str, str]:
    """Every written name of a field, in each language, to its key."""
    keys: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            keys |= {gettext(name).casefold(): key for key, name in FIELDS.items()}
    return keys | {name.casefold(): key for key, name in FIELDS.items()}


def field_names() -> list[str]:
    """The fields as one writes them in the language of the page: “{given name}”."""
    return [f"{{{gettext(name)}}}" for name in FIELDS.values()]


def unknown_fields(text: str) -> list[str]:
    """What stands between braces and is no field of ours, in the order of the text."""
    return [found for found in _FIELD.findall(text) if _key(found) is None]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled; ``values`` by key. Unknown fields stay as they were written."""

    def value_of(found: re.Match[str]) -> str:
        key = _key(found[1])
        return found[0] if key is None else values.get(key, "")

    return _FIELD.sub(value_of, text)


def in_language(text: str, language: str) -> str:
    """A text whose fields are written in another language's names, as templates that ship are copied."""

    def named(found: re.Match[str]) -> str:
        key = _key(found[1])
        if key is None:
            return found[0]
        with override(language):
            return f"{{{gettext(FIELDS[key])}}}"

    return _FIELD.sub(named, text)


def _key(written: str) -> str | None:
    return _keys().get(" ".join(written.split()).casefold())

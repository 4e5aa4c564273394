"""The frame of every mail: the same words in HTML and in text, in the reader's language.

An app keeps `templates/<app>/mail/<kind>.html` and `<kind>.txt`, which extend `kit/mail/layout.html`
and `kit/mail/layout.txt`; this module renders the pair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override


@dataclass(frozen=True)
class Letter:
    """What a mail says."""

    subject: str
    text: str
    html: str


def frame_context() -> dict[str, Any]:
    """What the layouts need besides the mail's own words."""
    return {
        "centre": settings.SAMVERK_CENTRE,
        "help_name": settings.SAMVERK_HELP_NAME,
        "help_phone": settings.SAMVERK_HELP_PHONE,
        "demo": settings.SAMVERK_DEMO,
    }


def render_letter(template: str, subject: Any, facts: dict[str, Any], language: str) -> Letter:
    """Render `<template>.html` and `<template>.txt`; a lazy subject is read in `language` as well."""
    with override(language):
        # A line break in a subject would begin a new mail header.
        line = " ".join(str(subject).split())
        context = {**frame_context(), **facts, "subject": line, "language": language}
        text = render_to_string(f"{template}.txt", context)
        html = render_to_string(f"{template}.html", context)
    return Letter(subject=line, text=_tidy(text), html=html)


def _tidy(text: str) -> str:
    """Blank lines of left-out parts are taken away; the signature's mark keeps its space."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

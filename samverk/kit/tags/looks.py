"""The comfort bar's parts: text size, colours, languages.

A page shows them up to three times, and they are the same for everybody who reads the same language at the same size;
only the page they lead back to differs. So each is made once for a look, and that address is put in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from samverk.kit.comfort import Comfort

register = template.Library()

HERE = "this-page-is-put-in-here"


@register.simple_tag(takes_context=True)
def sizes(context: Any) -> SafeString:
    """Buttons for the text size."""
    return _part("kit/sizes.html", context)


@register.simple_tag(takes_context=True)
def languages(context: Any) -> SafeString:
    """Buttons for the languages that pages are shown in."""
    return _part("kit/languages.html", context)


@register.simple_tag(takes_context=True)
def comfort_bar(context: Any) -> SafeString:
    """Text size, colours, motion and language, each with its label."""
    return _part("kit/comfort.html", context)


def _part(name: str, context: Any) -> SafeString:
    request = context.get("request")
    look = context.get("comfort") or Comfort()
    made = _made(name, get_language() or settings.LANGUAGE_CODE, look)
    return SafeString(made.replace(HERE, escape(request.get_full_path() if request else "/")))


@lru_cache(maxsize=256)
def _made(name: str, language: str, look: Comfort) -> str:
    known = {"comfort": look, "here": HERE, "LANGUAGES": settings.LANGUAGES, "LANGUAGE_CODE": language}
    return render_to_string(name, known)

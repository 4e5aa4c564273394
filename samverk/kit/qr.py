"""QR codes: as a drawing for pages and documents, as a picture for mails. Dark on white in every colour scheme."""

from __future__ import annotations

import io

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Printers smear and phones shake: 15 % of the signs may be lost.
_ERROR = "m"
_DARK = "#282c30"


def qr_drawing(text: str, *, error: str = _ERROR) -> str:
    """The code alone as SVG, without a border: a document or a page gives it its white ground.

    ``error`` says how much of it may be lost: "l" 7, "m" 15, "q" 25, "h" 30 per cent.
    """
    return segno.make(text, error=error, micro=False).svg_inline(border=0, dark=_DARK, omitsize=True)


def qr_element(text: str, words: str) -> SafeString:
    """For a page: the drawing on white, and what it is in words."""
    # Our own drawing of modules; the text stands in it as squares only.
    drawing = mark_safe(qr_drawing(text))  # noqa: S308
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', words, drawing)


def qr_picture(text: str, *, scale: int = 6) -> bytes:
    """PNG with its quiet border, for mail programs, which draw no SVG."""
    picture = io.BytesIO()
    segno.make(text, error=_ERROR, micro=False).save(picture, kind="png", scale=scale, border=4, dark="#000")
    return picture.getvalue()

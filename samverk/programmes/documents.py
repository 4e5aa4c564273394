"""The frame of a programme's documents: centre, programme, the funder's information line and marks on every page."""

from __future__ import annotations

import io
import logging
from typing import Any

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from samverk.kit.documents import Picture, picture_of, sheet
from samverk.programmes.models import FunderMark, Programme

log = logging.getLogger("samverk.documents")


def programme_sheet(
    programme: Programme, title: str, *, code: str = "", landscape: bool = False
) -> dict[str, Any]:
    """The key `sheet` of the facts of a document (see samverk.kit.documents)."""
    return sheet(
        title,
        code=code,
        owner=f"{settings.SAMVERK_CENTRE} · {programme}",
        funder_line=programme.funder_information,
        marks=[picture for mark in programme.funder_marks.all() if (picture := _picture(mark))],
        landscape=landscape,
    )


def _picture(mark: FunderMark) -> Picture | None:
    """A logo that is gone or broken must not keep a sheet from being printed."""
    try:
        with mark.picture.open("rb") as file:
            content = file.read()
        with Image.open(io.BytesIO(content)) as image:
            media_type, (width, height) = Image.MIME[image.format or ""], image.size
    except (OSError, UnidentifiedImageError, KeyError):
        log.warning("a funder's mark cannot be read", extra={"mark": mark.pk})
        return None
    return picture_of(content, media_type, width, height, mark.words)

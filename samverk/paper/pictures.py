"""From what a scanner or a phone sent to an upright picture, and from the picture to the code on it.

No tables and no rules here: bytes in, pictures and texts out.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from django.utils.translation import gettext as _
from PIL import Image, ImageFilter, ImageOps

from samverk.kit.acting import Refusal
from samverk.paper.choices import MOST_PAGES

PDF = "application/pdf"
# Long edge of the picture that is kept, of the one in lists; quality of both.
LONG_EDGE, THUMB_EDGE, QUALITY = 2400, 360, 80
# Long edges at which the code is looked for, the likeliest first.
_TRIED = (1600, 2400, 1000)
_QR: Any = zxingcpp.BarcodeFormat.QRCode
# PDFium is one room with one door.
_PDFIUM = threading.Lock()


@dataclass(frozen=True)
class Seen:
    """A code on a picture, and by how many quarter turns to the right the picture stands upright."""

    text: str
    turns: int


def pages_of(content: bytes, media_type: str) -> int:
    """How many pages a file has. Raises Refusal (field `file`) where a PDF cannot be opened or is too long."""
    if media_type != PDF:
        return 1
    try:
        with _PDFIUM, pypdfium2.PdfDocument(content) as document:
            pages = len(document)
    except pypdfium2.PdfiumError as fault:
        is_locked = "password" in str(fault).lower()
        said = (
            _("The PDF is locked with a password. Save it without one and send it again.")
            if is_locked
            else _("The PDF is damaged and cannot be opened. Scan it again, or send photos of the pages.")
        )
        raise Refusal(said, code="locked" if is_locked else "damaged", field="file") from None
    if not 1 <= pages <= MOST_PAGES:
        said = _("The PDF has %(pages)s pages. Send at most %(most)s at once.")
        raise Refusal(said % {"pages": pages, "most": MOST_PAGES}, code="pages", field="file")
    return pages


def picture_of(content: bytes, media_type: str, number: int) -> Image.Image:
    """A page as a picture of at most LONG_EDGE pixels; pages count from 1."""
    if media_type != PDF:
        with Image.open(io.BytesIO(content)) as image:
            image.draft("RGB", (LONG_EDGE, LONG_EDGE))
            return _no_larger(image.convert("RGB"), LONG_EDGE)
    with _PDFIUM, pypdfium2.PdfDocument(content) as document:
        page = document[number - 1]
        longest = max(page.get_size())
        rendered = page.render(scale=min(LONG_EDGE / longest, 300 / 72)).to_pil()
        return rendered.convert("RGB").copy()


def jpeg_of(image: Image.Image, edge: int = LONG_EDGE) -> bytes:
    """As it is kept."""
    buffer = io.BytesIO()
    _no_larger(image, edge).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def turned(content: bytes, turns: int) -> bytes:
    """A kept picture, turned by quarters to the right."""
    if turns % 4 == 0:
        return content
    with Image.open(io.BytesIO(content)) as image:
        return jpeg_of(image.rotate(-90 * (turns % 4), expand=True))


def codes_on(image: Image.Image) -> list[Seen]:
    """The QR codes on a page. Tries sizes, then evens out the light; the first that shows any code decides."""
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    for tried in _tries(grey):
        found = zxingcpp.read_barcodes(
            tried, formats=_QR, try_rotate=True, try_downscale=True, try_invert=False
        )
        if found:
            return list({one.text: Seen(one.text, _turns(one.orientation)) for one in found}.values())
    return []


def is_blank(image: Image.Image) -> bool:
    """Whether hardly anything stands on a page: the back of a sheet. A single written line is something.

    Edges are left out, where scanners see their own lid. Points count that are clearly darker than the paper
    around them; a line of handwriting makes some thousands of them on a picture of this size.
    """
    grey = _of_size(image.convert("L"), 1200)
    edge = max(grey.size) // 25
    inner = grey.crop((edge, edge, grey.width - edge, grey.height - edge)).filter(ImageFilter.MedianFilter(3))
    around = inner.filter(ImageFilter.BoxBlur(25))
    point, light = np.asarray(inner, dtype=np.float32), np.asarray(around, dtype=np.float32)
    return int((light - point > 28).sum()) < 120


def _tries(grey: Image.Image) -> Iterator[Image.Image]:
    sizes = [_of_size(grey, edge) for edge in _TRIED]
    yield from sizes
    for one in sizes:
        yield _evenly_lit(one)
    for one in sizes:
        yield _evenly_lit(one).filter(ImageFilter.MedianFilter(3))
    for quarter in _quarters(grey):
        yield _evenly_lit(_of_size(quarter, 2000))


def _quarters(grey: Image.Image) -> Iterator[Image.Image]:
    """Overlapping quarters, for a page that is small in a large photo."""
    width, height = grey.size
    wide, high = width * 3 // 5, height * 3 // 5
    for left in (width - wide, 0):
        for top in (height - high, 0):
            yield grey.crop((left, top, left + wide, top + high))


def _evenly_lit(grey: Image.Image) -> Image.Image:
    """Each point against the light around it: shadows of a hand and dark corners go."""
    around = grey.filter(ImageFilter.BoxBlur(max(12, max(grey.size) // 40)))
    point, light = np.asarray(grey, dtype=np.float32), np.asarray(around, dtype=np.float32)
    even = np.clip(point / np.maximum(light, 8.0) * 170.0, 0, 255).astype(np.uint8)
    return ImageOps.autocontrast(Image.fromarray(even), cutoff=2)


def _turns(degrees: int) -> int:
    """zxing says by how far the code is turned to the right; back is the same way round."""
    return round(-degrees / 90) % 4


def _of_size(image: Image.Image, edge: int) -> Image.Image:
    scale = edge / max(image.size)
    if abs(scale - 1) < 0.05:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS)


def _no_larger(image: Image.Image, edge: int) -> Image.Image:
    if max(image.size) <= edge:
        return image
    return _of_size(image, edge)

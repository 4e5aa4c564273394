"""Files that people send: accepted by what is in them, never by their name.

PDF as it is; JPEG, PNG, WebP and HEIC are decoded and written anew, so that neither a place in the EXIF part nor
anything hidden behind the picture stays. SVG and HTML are never accepted.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO

from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from samverk.kit.acting import Refusal

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
DECODED = ["JPEG", "PNG", "WEBP", "HEIF"]
# As what a decoded picture is written: format, media type, ending. Phones write several pictures into one JPEG (MPO).
PICTURES = {
    "JPEG": ("JPEG", "image/jpeg", ".jpg"),
    "MPO": ("JPEG", "image/jpeg", ".jpg"),
    "PNG": ("PNG", "image/png", ".png"),
    "WEBP": ("WEBP", "image/webp", ".webp"),
    "HEIF": ("JPEG", "image/jpeg", ".jpg"),
}


@dataclass(frozen=True)
class Accepted:
    """A file as it is kept: its bytes, media type, the ending that fits, the name it came under, its SHA-256."""

    content: bytes
    media_type: str
    ending: str
    name: str
    digest: str

    @property
    def random_name(self) -> str:
        """A name that tells nothing and cannot be guessed."""
        return random_name(self.ending)


def random_name(ending: str) -> str:
    """Under which a file is kept: it cannot be guessed."""
    return secrets.token_hex(16) + ending


def accept(file: BinaryIO, name: str, *, most_bytes: int = MOST_BYTES) -> Accepted:
    """Read a file somebody sent. Raises Refusal (field `file`) for anything but the kinds above."""
    content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise too_large(most_bytes)
    if not content:
        raise _refusal("empty", _("The file is empty. Choose another one."))
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return _accepted(content, "application/pdf", ".pdf", name)
    return _picture(content, name)


def too_large(most_bytes: int) -> Refusal:
    """The refusal of a file with more bytes than that; a view that knows the size asks before it reads."""
    said = _("The file is larger than %(most)s MB. Send a smaller one.") % {
        "most": most_bytes // 1024 // 1024
    }
    return _refusal("too_large", said)


def _picture(content: bytes, name: str) -> Accepted:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=DECODED)
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels()
            written, media_type, ending = PICTURES[image.format or ""]
            return _accepted(_written_anew(image, written), media_type, ending, name)
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:
        # Decoders fail in many ways on broken or hostile files; to the person they are one thing.
        raise _refusal(
            "kind", _("This is no PDF and no picture we can read. Send PDF, JPEG, PNG, WebP or HEIC.")
        ) from None


def _written_anew(image: Image.Image, written: str) -> bytes:
    """The pixels alone, turned upright; colours stay, everything else goes."""
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    wanted = "RGBA" if has_alpha and written != "JPEG" else "RGB"
    plain = upright if upright.mode in (wanted, "L") else upright.convert(wanted)
    fresh = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    buffer = io.BytesIO()
    fresh.save(buffer, written, **({} if written == "PNG" else {"quality": 88}))
    return buffer.getvalue()


def _accepted(content: bytes, media_type: str, ending: str, name: str) -> Accepted:
    stem = PurePath(name.replace("\\", "/")).stem
    shown = "".join(sign for sign in stem if sign.isprintable()).strip()[:120] or "file"
    return Accepted(content, media_type, ending, shown + ending, hashlib.sha256(content).hexdigest())


def _too_many_pixels() -> Refusal:
    return _refusal("pixels", _("The picture has more than 40 million pixels. Send a smaller one."))


def _refusal(code: str, reason: str) -> Refusal:
    return Refusal(reason, code=code, field="file")


def download(file: Any, name: str, media_type: str) -> FileResponse:
    """A kept file as an attachment that no browser opens as a page."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response

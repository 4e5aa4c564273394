"""Files are accepted by what is in them; pictures are written anew without where they were taken."""

from __future__ import annotations

import io

import pillow_heif
import pytest
from PIL import Image

from samverk.kit import uploads
from samverk.kit.acting import Refusal


def picture(kind: str, size: tuple[int, int] = (60, 40), **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010E] = "taken at home"
    return picture("JPEG", exif=exif)


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_pictures_are_taken_whatever_they_are_called(kind, media_type):
    accepted = uploads.accept(io.BytesIO(picture(kind)), "page.html")
    assert accepted.media_type == media_type
    assert accepted.name == f"page{accepted.ending}"
    Image.open(io.BytesIO(accepted.content)).load()


def test_heic_becomes_jpeg():
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal")).save(buffer, format="HEIF")
    accepted = uploads.accept(io.BytesIO(buffer.getvalue()), "IMG_1.HEIC")
    assert (accepted.media_type, Image.open(io.BytesIO(accepted.content)).format) == ("image/jpeg", "JPEG")


def test_the_place_in_a_picture_is_gone_and_the_picture_stands_upright():
    assert b"taken at home" in with_place()
    accepted = uploads.accept(io.BytesIO(with_place()), "a.jpg")
    image = Image.open(io.BytesIO(accepted.content))
    assert image.size == (40, 60)
    assert not image.getexif() and b"taken at home" not in accepted.content


def test_what_hides_behind_a_picture_is_gone():
    accepted = uploads.accept(io.BytesIO(picture("PNG") + b"<script>alert(1)</script>"), "a.png")
    assert b"script" not in accepted.content


def test_pdf_is_kept_as_it_is():
    content = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\nendobj\n%%EOF"
    assert uploads.accept(io.BytesIO(content), "x.jpg").content == content
    assert uploads.accept(io.BytesIO(content), "x.jpg").name == "x.pdf"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"GIF89a" + b"\0" * 40, "kind"),
        (picture("PNG")[:60], "kind"),
        (b"PK\x03\x04" + b"\0" * 40, "kind"),
        (b"%PDF-" + b"\0" * uploads.MOST_BYTES, "too_large"),
    ],
)
def test_other_files_are_refused_in_words(content, code):
    with pytest.raises(Refusal) as refused:
        uploads.accept(io.BytesIO(content), "paper.pdf")
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_a_picture_of_more_than_forty_million_pixels_is_refused_before_it_is_decoded():
    huge = picture("PNG", (8000, 5001))
    with pytest.raises(Refusal) as refused:
        uploads.accept(io.BytesIO(huge), "huge.png")
    assert refused.value.code == "pixels"


def test_a_kept_file_leaves_only_as_an_attachment_in_a_sandbox():
    response = uploads.download(io.BytesIO(b"x"), "lista åäö.pdf", "application/pdf")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")

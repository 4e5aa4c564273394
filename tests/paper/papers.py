"""Paper for tests: a list is printed, people sign, and somebody photographs it badly."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from samverk.activities.models import Session
from samverk.kit.acting import Actor
from samverk.paper.commands.printing import print_list
from samverk.paper.commands.scans import send_scan, work_on_scan
from samverk.paper.models import PrintedList, ScanPage
from samverk.people.models import Person

DESK = (120, 108, 96)
Change = Callable[[Image.Image], Image.Image]


def printed(session: Session, person: Person) -> tuple[PrintedList, list[Image.Image]]:
    """The session's list as it comes out of the printer, 200 dots to an inch."""
    made, content = print_list(session, "sv", by=Actor(person=person))
    return made, rasterised(content)


def rasterised(content: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(content) as document:
        return [
            document[number].render(scale=200 / 72).to_pil().convert("RGB") for number in range(len(document))
        ]


def turn(degrees: float) -> Change:
    return lambda image: image.rotate(degrees, expand=True, fillcolor=DESK, resample=Image.Resampling.BICUBIC)


def darken(image: Image.Image) -> Image.Image:
    """An evening, and a lamp on one side."""
    light = np.linspace(0.65, 0.2, image.width, dtype=np.float32)[None, :, None]
    return Image.fromarray((np.asarray(image, dtype=np.float32) * light).astype("uint8"))


def noise(image: Image.Image) -> Image.Image:
    points = np.asarray(image, dtype=np.float32)
    grain = np.random.default_rng(7).normal(0, 22, points.shape)
    return Image.fromarray(np.clip(points + grain, 0, 255).astype("uint8"))


def blur(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(2.5))


def far_away(image: Image.Image) -> Image.Image:
    """A small page on a large desk."""
    desk = Image.new("RGB", (3000, 3600), DESK)
    small = image.resize((image.width // 2, image.height // 2)).rotate(11, expand=True, fillcolor=DESK)
    desk.paste(small, (900, 1100))
    return desk


def without_code(image: Image.Image) -> Image.Image:
    """Coffee on the corner with the code."""
    stained = image.copy()
    width, height = stained.size
    ImageDraw.Draw(stained).ellipse((width * 0.7, height * 0.82, width, height), fill=(110, 70, 40))
    return stained


def pale(image: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(0.35)


def photo(image: Image.Image, *changes: Change, quality: int = 40) -> io.BytesIO:
    """A JPEG of it after these accidents."""
    for change in changes:
        image = change(image)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    buffer.seek(0)
    return buffer


def scanned(*images: Image.Image) -> io.BytesIO:
    """A PDF of several pages, as a copier sends it."""
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=list(images[1:]), resolution=200.0)
    buffer.seek(0)
    return buffer


def sent(session: Session, person: Person, file: io.BytesIO, name: str = "photo.jpg") -> list[ScanPage]:
    """Sent and read; its pages."""
    one = send_scan(file, name, session.activity.programme, by=Actor(person=person)).scan
    work_on_scan(one)
    return list(one.pages.all())

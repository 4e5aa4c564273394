"""Paper and video of the demo: a signed list that came back as a photo, one with coffee on its code, a log-in list."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from samverk.activities.models import Attendance, Session
from samverk.demo.history import Story
from samverk.paper.commands.printing import print_list
from samverk.paper.commands.scans import send_scan, work_on_scan
from samverk.remote.commands import take_log

DESK, INK, COFFEE = (128, 112, 96), (38, 52, 120), (112, 74, 44)
DOTS = 170


def bring_paper(story: Story, session: Session) -> None:
    """Whoever was marked here signed; one photo is filed beside its sheet, another waits in the tray."""
    rows = list(Attendance.objects.filter(session=session).select_related("person"))
    signed = [str(row.person) for row in rows if row.was_here]
    _printed, content = print_list(session, "sv", by=story.by)
    page = _signed(content, signed)
    for name, picture in (
        ("IMG_2041.jpg", page.rotate(93, expand=True, fillcolor=DESK)),
        ("IMG_2042.jpg", _stained(page)),
    ):
        sent = send_scan(_photo(picture), name, story.programme, by=story.by, session=session)
        work_on_scan(sent.scan)


def bring_list(story: Story, session: Session) -> None:
    """Three who are not marked yet logged in from afar, one of them twice, and somebody nobody knows."""
    away = [row.person for row in Attendance.objects.filter(session=session, mark="none")[:3] if row.person]
    stays = [(str(person), person.email or "", 2, 175) for person in away]
    if stays:
        name, email, _came, _left = stays[0]
        stays = [(name, email, 0, 60), (name, email, 85, 178), *stays[1:]]
    lines = ["Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"]
    for name, email, came, left in [*stays, ("Surfplatta", "", 10, 170)]:
        start, end = (session.starts_local + timedelta(minutes=minutes) for minutes in (came, left))
        lines.append(f"{name},{email},{start:%Y-%m-%d %H:%M:%S},{end:%Y-%m-%d %H:%M:%S},{left - came},Yes")
    take_log(session, io.BytesIO("\n".join(lines).encode()), "participants_81234567890.csv", by=story.by)


def _signed(content: bytes, names: list[str]) -> Image.Image:
    """The first page with a flourish on the line of each of these people."""
    scale = DOTS / 72
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        image, text = page.render(scale=scale).to_pil().convert("RGB"), page.get_textpage()
        lines = []
        for name in names:
            if found := text.search(name).get_next():
                _left, bottom, _right, top = text.get_charbox(found[0])
                lines.append(image.height - (bottom + top) / 2 * scale)
    pen = ImageDraw.Draw(image)
    for number, y in enumerate(lines):
        x, swing = image.width * 0.72 + 6 * (number % 4), 7 + number % 5
        points = [
            (x + step * (15 + number % 3), y + swing * (-1) ** step * (step % 3 + 0.4)) for step in range(9)
        ]
        pen.line(points, fill=INK, width=3, joint="curve")
    return image


def _stained(page: Image.Image) -> Image.Image:
    image = page.copy()
    width, height = image.size
    ImageDraw.Draw(image).ellipse((width * 0.68, height * 0.8, width * 1.02, height * 1.02), fill=COFFEE)
    return image.rotate(-4, expand=True, fillcolor=DESK)


def _photo(image: Image.Image) -> io.BytesIO:
    buffer = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(0.8)).save(buffer, "JPEG", quality=60)
    buffer.seek(0)
    return buffer

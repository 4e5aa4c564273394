"""Log-in lists as the programs write them, for a session that begins at 17:00 local time."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, timedelta

from samverk.activities.models import Session

# Who, the address the program knows, minutes after the start of coming and going.
Stay = tuple[str, str, float, float]


def _at(session: Session, minutes: float) -> datetime:
    return session.starts_local + timedelta(minutes=minutes)


def american(moment: datetime, *, comma: str = ",") -> str:
    return f"{moment.month}/{moment.day}/{moment:%Y}{comma} {moment.hour % 12 or 12}:{moment:%M:%S %p}"


def zoom(session: Session, stays: Iterable[Stay], *, has_top: bool = True) -> bytes:
    """The participants report; times month first, in the clock of the account."""
    top = (
        "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\n"
        f'812 3456 7890,"Kurs, del 1",{_at(session, -5):%m/%d/%Y %I:%M:%S %p},{_at(session, 130):%m/%d/%Y %I:%M:%S %p},host@example.org,135,4,\n\n'
    )
    lines = "".join(
        f'"{name}",{email},{_at(session, came):%m/%d/%Y %I:%M:%S %p},{_at(session, left):%m/%d/%Y %I:%M:%S %p},{round(left - came)},Yes,\n'
        for name, email, came, left in stays
    )
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,\n"
    return ("\ufeff" + (top if has_top else "") + head + lines).encode()


def teams(session: Session, stays: Iterable[Stay]) -> bytes:
    """The report in three parts, UTF-16 with tabs."""
    stays = list(stays)
    names = dict.fromkeys((name, email) for name, email, _came, _left in stays)
    parts = [
        "1. Summary",
        "Meeting title\tKurs",
        f"Start time\t{american(_at(session, -5))}",
        "",
        "2. Participants",
    ]
    parts.append("Name\tFirst join\tLast leave\tIn-meeting duration\tEmail\tParticipant ID (UPN)\tRole")
    for name, email in names:
        own = [(came, left) for who, _mail, came, left in stays if who == name]
        total = int(sum(left - came for came, left in own))
        parts.append(
            f"{name}\t{american(_at(session, own[0][0]))}\t{american(_at(session, own[-1][1]))}\t{total // 60}h {total % 60}m\t{email}\t{email}\tAttendee"
        )
    parts += ["", "3. In-Meeting Activities", "Name\tJoin time\tLeave time\tDuration\tEmail\tRole"]
    for name, email, came, left in stays:
        parts.append(
            f"{name}\t{american(_at(session, came))}\t{american(_at(session, left))}\t{int(left - came)}m\t{email}\tAttendee"
        )
    return "\r\n".join(parts).encode("utf-16")


def teams_polish(session: Session, stays: Iterable[Stay]) -> bytes:
    parts = ["1. Podsumowanie", "Tytuł spotkania\tKurs", "", "2. Uczestnicy"]
    parts.append("Nazwa\tPierwsze dołączenie\tOstatnie wyjście\tCzas udziału w spotkaniu\tAdres e-mail\tRola")
    for name, email, came, left in stays:
        first, last = _at(session, came), _at(session, left)
        total = int(left - came)
        parts.append(
            f"{name}\t{first.day}.{first:%m.%Y, %H:%M:%S}\t{last.day}.{last:%m.%Y, %H:%M:%S}\t{total // 60} godz. {total % 60} min\t{email}\tUczestnik"
        )
    return "\r\n".join(parts).encode("utf-16")


def teams_old(session: Session, stays: Iterable[Stay]) -> bytes:
    """The list of 2020: a line for each coming and going."""
    lines = ["Full Name\tUser Action\tTimestamp"]
    for name, _email, came, left in stays:
        lines.append(f"{name}\tJoined\t{american(_at(session, came))}")
        lines.append(f"{name}\tLeft\t{american(_at(session, left))}")
    return "\n".join(lines).encode("utf-16")


def big_blue_button(session: Session, stays: Iterable[tuple[str, float, float, int]]) -> bytes:
    """The learning dashboard: first coming, last going, how long in all."""
    head = "Name,Moderator,Activity Score,Talk Time,Webcam Time,Messages,Reactions,Poll Votes,Raise Hands,Join,Left,Duration"
    lines = [
        f'"{name}","FALSE","0","-","-","0","0","0","0","{american(_at(session, came))}","{american(_at(session, left))}","{total // 60:02}:{total % 60:02}:00"'
        for name, came, left, total in stays
    ]
    # Browsers write a narrow space before AM and PM.
    text = "\r\n".join([head, *lines, '"Anonymous"' + ',""' * 11])
    return text.replace(" AM", "\u202fAM").replace(" PM", "\u202fPM").encode()


def file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)

"""A mail's words: what apps hand over, how it looks, and how it is kept without its secrets."""

from __future__ import annotations

import email.message
import email.policy
import re
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import override

from samverk.post.models import Mail

FIGURE = "ticket"
HIDDEN_CODE, HIDDEN_LINK = "···· ····", "[…]"
TEMPLATES = {"txt": "post/mail/message.txt", "html": "post/mail/message.html"}
# An address in running text, as far as a mail program would make it a link.
_ADDRESS = re.compile(r"https?://\S+")

Words = str | Promise


@dataclass(frozen=True)
class Figure:
    """The one picture a mail may hold: a code to show at the door (PNG), what it is in words, the line beneath it."""

    picture: bytes
    words: Words
    caption: Words = ""


@dataclass(frozen=True)
class Message:
    """What an app's composer hands over: text only, in the language that is active while it composes.

    The first button is the mail's one action, the others are links below it; addresses are absolute.
    Attachments are (file name, bytes, media type with its parameters). ``why`` says why one gets this mail.
    ``title`` stands over the words where the subject would be too long; ``note`` is a funder's information line;
    ``reply_to`` an address that a person reads.
    """

    subject: Words
    paragraphs: list[Words]
    code: str = ""
    buttons: list[tuple[Words, str]] = field(default_factory=list)
    facts: list[tuple[Words, Words]] = field(default_factory=list)
    attachments: list[tuple[str, bytes, str]] = field(default_factory=list)
    why: Words = ""
    title: Words = ""
    note: Words = ""
    # Where answers go; empty means the sender's own address.
    reply_to: str = ""
    figure: Figure | None = None


class Letter(EmailMultiAlternatives):
    """A mail whose picture travels with its HTML part, so that no mail program lists it as a file."""

    picture: bytes = b""

    def message(self, *, policy: Any = email.policy.default) -> Any:
        whole = super().message(policy=policy)
        words = whole.get_body(("html",))
        if self.picture and words is not None:
            words.add_related(
                self.picture,
                "image",
                "png",
                cid=f"<{FIGURE}>",
                filename=f"{FIGURE}.png",
                disposition="inline",
            )
        return whole


def absolute(path: str) -> str:
    """A path of ours as an address that works in a mail."""
    return f"{settings.SAMVERK_ADDRESS}{path}"


def in_groups(code: str) -> str:
    """BKTRWMPL as people read it: BKTR WMPL."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def message_id(mail: Mail) -> str:
    """The same for every attempt, so that a mail which arrives twice is known to be one."""
    host = urlsplit(settings.SAMVERK_ADDRESS).hostname or "localhost"
    return f"<{mail.code.lower()}.{mail.pk}@{host}>"


def to_email(mail: Mail, message: Message) -> EmailMultiAlternatives:
    """The mail as it leaves: text and HTML with the same words, and its attachments."""
    letter = Letter(
        subject=_one_line(message.subject),
        body=_rendered("txt", mail, message),
        to=[_recipient(mail)],
        reply_to=[_one_line(message.reply_to)] if message.reply_to else None,
        headers={
            "Message-ID": message_id(mail),
            # Nobody's holiday answer shall come back, and no answer shall go round in circles.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": mail.language,
        },
    )
    letter.attach_alternative(_rendered("html", mail, message), "text/html")
    letter.picture = message.figure.picture if message.figure else b""
    for name, content, media_type in message.attachments:
        letter.attach(_part(name, content, media_type))
    return letter


def kept_text(mail: Mail, message: Message) -> tuple[str, str]:
    """Subject and text as the office may read them later: codes and links are masked."""
    masked = replace(
        message,
        code=HIDDEN_CODE if message.code else "",
        figure=None,
        buttons=[(label, HIDDEN_LINK) for label, _address in message.buttons],
    )
    return _without_secrets(_one_line(masked.subject), message), _without_secrets(
        _rendered("txt", mail, masked), message
    )


def _without_secrets(text: str, message: Message) -> str:
    text = _ADDRESS.sub(HIDDEN_LINK, text)
    for written in (message.code, in_groups(message.code)) if message.code else ():
        text = text.replace(written, HIDDEN_CODE)
    return text


def _rendered(kind: str, mail: Mail, message: Message) -> str:
    with override(mail.language):
        text = render_to_string(TEMPLATES[kind], _context(mail, message))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n" if kind == "txt" else text


def _context(mail: Mail, message: Message) -> dict[str, Any]:
    first, *others = message.buttons or [("", "")]
    return {
        "language": mail.language,
        "subject": _one_line(message.subject),
        "title": message.title or message.subject,
        "lead": message.paragraphs[0] if message.paragraphs else "",
        "paragraphs": message.paragraphs[1:],
        "code": in_groups(message.code.replace(" ", "")),
        "button": {"text": first[0], "address": first[1]},
        "links": [{"text": text, "address": address} for text, address in others],
        "facts": [{"term": term, "text": text} for term, text in message.facts],
        "why": message.why,
        "note": message.note,
        "figure": message.figure,
        "figure_name": FIGURE,
        "centre": settings.SAMVERK_CENTRE,
        "help_name": settings.SAMVERK_HELP_NAME,
        "help_phone": settings.SAMVERK_HELP_PHONE,
        "demo": settings.SAMVERK_DEMO,
    }


def _recipient(mail: Mail) -> str:
    name = _one_line(mail.to_name)
    if not name:
        return mail.to
    user, _at, domain = mail.to.rpartition("@")
    return str(Address(display_name=name, username=user, domain=domain))


def _one_line(words: Words) -> str:
    """Headers end at a line break, so none may stand in them."""
    return " ".join(str(words).split())


def _part(name: str, content: bytes, media_type: str) -> email.message.MIMEPart:
    """An attachment whose media type may carry parameters, as text/calendar needs its method."""
    kind, *parameters = [piece.strip() for piece in media_type.split(";")]
    main, sub = kind.split("/", 1)
    extra = dict(parameter.split("=", 1) for parameter in parameters)
    extra.pop("charset", None)
    part = email.message.MIMEPart()
    if main == "text":
        part.set_content(content.decode(), subtype=sub, filename=name, disposition="attachment", params=extra)
    else:
        part.set_content(
            content, maintype=main, subtype=sub, filename=name, disposition="attachment", params=extra or None
        )
    return part

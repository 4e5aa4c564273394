"""What a certificate says, word for word, in one language: the facts that are frozen when it is issued.

The page on paper, the check page and the signed credential all say exactly this, so they cannot disagree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from samverk.activities.completion import Share
from samverk.activities.models import Activity, Session
from samverk.certificates.models import (
    ActivityText,
    Certificate,
    CertificateTemplate,
    Signatory,
    TemplateText,
)
from samverk.kit import words

# The present make-up of the facts; an older certificate keeps its own.
LAYOUT = 1
MOST_SIGNATORIES = 3
MOST_LINES, LONGEST_LINE = 20, 160


@dataclass(frozen=True)
class Frame:
    """What is the same on every certificate of an activity in one language."""

    language: str
    facts: dict[str, Any]
    shows_hours: bool
    place: str


def template_of(activity: Activity) -> CertificateTemplate:
    """The programme's template, or a plain one that is not kept."""
    found = CertificateTemplate.objects.filter(programme=activity.programme_id).first()
    return found or CertificateTemplate(programme=activity.programme)


def signatories_of(template: CertificateTemplate) -> list[Signatory]:
    """Who signs now, in order."""
    if template.pk is None:
        return []
    return list(Signatory.objects.filter(template=template, ended_at=None)[:MOST_SIGNATORIES])


def frame(activity: Activity, language: str) -> Frame:
    """The words that all certificates of an activity share in this language. Six queries at most."""
    template = template_of(activity)
    about = ActivityText.objects.filter(activity=activity, language=language).first()
    return draft_frame(
        activity,
        template,
        text_of(template, language),
        about or ActivityText(activity=activity, language=language),
    )


def draft_frame(
    activity: Activity, template: CertificateTemplate, text: TemplateText, about: ActivityText
) -> Frame:
    """The same with a template and texts that need not be kept yet, for a preview."""
    language = text.language
    sessions = []
    if activity.pk:
        planned = activity.sessions.exclude(state=Session.State.CANCELLED)
        sessions = list(planned.order_by("starts_at", "pk"))
    with override(language):
        facts = {
            "layout": LAYOUT,
            "language": language,
            "heading": text.heading or _("Certificate"),
            "statement": text.statement or _("has completed"),
            "closing": text.closing,
            "title": about.title or activity.title,
            "title_language": language if about.title else activity.language,
            "rows": _rows(template, activity, sessions),
            "contents_title": _("Contents"),
            "contents": contents_of(about, sessions) if template.shows_contents else [],
            "issuer": settings.SAMVERK_CENTRE,
            "programme": activity.programme.name,
            "funder_line": activity.programme.funder_information,
            "signatures": [
                {"name": one.name, "title": one.title, "signatory": one.pk}
                for one in signatories_of(template)
            ],
        }
    return Frame(language, facts, template.shows_hours, template.place)


def certificate_facts(
    frame: Frame, *, name: str, share: Share, number: str, day: date, replaces: Certificate | None = None
) -> dict[str, Any]:
    """The whole content of one certificate."""
    with override(frame.language):
        rows = list(frame.facts["rows"])
        if frame.shows_hours:
            said = {"attended": words.hours(share.attended), "planned": words.hours(share.planned)}
            rows.append([_("Attended"), _("%(attended)s of %(planned)s") % said])
        issued = words.day(day, year=True, weekday=False)
        return frame.facts | {
            "name": name,
            "rows": rows,
            "number": number,
            "issued": issued,
            "place_and_day": ", ".join(part for part in (frame.place, issued) if part),
            "replaces": _replaces(replaces) if replaces else "",
        }


def digest_of(facts: dict[str, Any]) -> str:
    """SHA-256 of the content: the doctor finds a row that somebody altered."""
    plain = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def contents_of(about: ActivityText, sessions: Iterable[Session]) -> list[str]:
    """The lines that were written, or the names of the sessions, each once."""
    lines = [line.strip() for line in about.contents.splitlines() if line.strip()]
    named = lines or list(dict.fromkeys(session.title for session in sessions if session.title))
    return [line[:LONGEST_LINE] for line in named[:MOST_LINES]]


def text_of(template: CertificateTemplate, language: str) -> TemplateText:
    """The words of a template in a language, or none of its own."""
    found = template.texts.filter(language=language).first() if template.pk else None
    return found or TemplateText(language=language)


def _rows(template: CertificateTemplate, activity: Activity, sessions: list[Session]) -> list[list[str]]:
    rows = [[_("When"), _when(sessions)]] if sessions else []
    if template.shows_where and activity.where:
        rows.append([_("Where"), activity.where])
    return rows


def _when(sessions: list[Session]) -> str:
    first, last = sessions[0].starts_local.date(), sessions[-1].starts_local.date()
    one = words.day(first, year=True, weekday=False)
    if first == last:
        return one
    many = ngettext("%(n)s session", "%(n)s sessions", len(sessions)) % {"n": words.number(len(sessions))}
    until = words.day(last, year=True, weekday=False)
    return f"{one} – {until}, {many}"


def _replaces(old: Certificate) -> str:
    said = {"number": old.code, "day": words.day(old.issued_at, year=True, weekday=False)}
    return _("Replaces certificate %(number)s of %(day)s.") % said

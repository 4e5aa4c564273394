"""The mails of the ledger. Links are made here, at sending, and stored nowhere."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samverk.directory.models import Organisation
from samverk.kit import words
from samverk.kit.codes import make_link, read_link
from samverk.ledger import months
from samverk.ledger.models import Attestation, Statement
from samverk.ledger.months import parse_month
from samverk.ledger.queries import employer_lines, statement_lines
from samverk.post.composing import Message, absolute
from samverk.post.models import Mail

LINK = "statement"


def statement_token(statement: Statement) -> str:
    """The personal link of a statement; raising its link_version revokes it."""
    return make_link(LINK, statement.pk, statement.link_version)


def statement_of_token(token: str) -> Statement | None:
    """The statement a link opens, or None where the link is not ours or was revoked."""
    read = read_link(LINK, token)
    if read is None:
        return None
    key, version = read
    return Statement.objects.select_related("person").filter(pk=key, link_version=version).first()


def compose_statement(mail: Mail) -> Message | None:
    """Asks for the month's hours: the first time, as a reminder, or again after a change. None when all is answered."""
    statement = Statement.objects.select_related("person").filter(pk=mail.thing_id or 0).first()
    lines = statement_lines(statement) if statement else []
    open_lines = [line for line in lines if not line.confirmed_at]
    if statement is None or not open_lines or statement.state == Statement.State.SIGNED:
        return None
    month = months.said(statement.month)
    total = words.hours(sum(line.minutes for line in lines))
    meetings = ngettext("%(n)s meeting", "%(n)s meetings", len(lines)) % {"n": words.number(len(lines))}
    facts = {"month": month, "hours": total, "meetings": meetings, "name": statement.person.given_name}
    subject, paragraphs = _asked(mail, facts)
    return Message(
        subject=subject,
        paragraphs=[
            *paragraphs,
            _("Look at each meeting and say whether it is right. Then sign. It takes two minutes."),
            _("Do not forward this mail: the link opens your own hours."),
        ],
        buttons=[
            (
                _("See my hours"),
                absolute(reverse("portal:statement", kwargs={"token": statement_token(statement)})),
            )
        ],
        facts=[
            (words.day(line.starts_local.date()), f"{line.activity.title}: {words.hours(line.minutes)}")
            for line in lines
        ],
        why=_("You get this mail because you took part in meetings whose hours are reported to funders."),
    )


def _asked(mail: Mail, facts: dict[str, str]) -> tuple[str, list[str]]:
    if mail.kind == "ledger.statement_again":
        because = str(mail.facts.get("because") or "")
        said = [because] if because else [_("New hours came after you confirmed.")]
        return _("Your hours in %(month)s changed: look again") % facts, [
            *said,
            _("%(name)s, look at your hours again: %(meetings)s, %(hours)s.") % facts,
        ]
    if mail.kind == "ledger.statement_reminder":
        return _("Reminder: your hours in %(month)s, %(hours)s") % facts, [
            _("%(name)s, your hours in %(month)s still wait: %(meetings)s, %(hours)s.") % facts
        ]
    return _("Your hours in %(month)s: %(hours)s") % facts, [
        _("%(name)s, is this right? In %(month)s: %(meetings)s, %(hours)s.") % facts
    ]


def compose_copy(mail: Mail) -> Message | None:
    """A copy of what was signed."""
    signature = Attestation.objects.select_related("statement").filter(pk=mail.facts.get("signature")).first()
    if signature is None:
        return None
    first, *rest = signature.text.split("\n")
    signed = {"day": words.day(signature.signed_at, year=True), "time": words.clock(signature.signed_at)}
    return Message(
        subject=_("Copy: you confirmed your hours in %(month)s")
        % {"month": months.said(signature.statement.month)},
        paragraphs=[first, *rest, _("Signed on %(day)s at %(time)s.") % signed],
        facts=[(_("Signature"), signature.code), (_("Check sum of the text"), signature.text_digest[:16])],
        why=_("You get this copy because you confirmed your hours. If it was not you, tell us at once."),
    )


def compose_countersign(mail: Mail) -> Message | None:
    """Tells a mandated person that hours wait for the employer."""
    organisation = Organisation.objects.filter(pk=mail.thing_id or 0).first()
    month = parse_month(mail.facts.get("month", ""))
    if organisation is None or month is None:
        return None
    lines = [
        line
        for line in employer_lines(organisation, month)
        if line.confirmed_at and not line.countersigned_at
    ]
    others = [line for line in lines if line.person_id != mail.person_id]
    if not others:
        return None
    people = len({line.person_id for line in others})
    facts = {
        "organisation": organisation.name,
        "month": months.said(month),
        "hours": words.hours(sum(line.minutes for line in others)),
        "people": ngettext("%(n)s person", "%(n)s persons", people) % {"n": words.number(people)},
    }
    address = reverse("portal:countersign", kwargs={"code": organisation.code}) + f"?month={month:%Y-%m}"
    return Message(
        subject=_("Hours of your colleagues in %(month)s wait for you") % facts,
        paragraphs=[
            _("%(people)s at %(organisation)s confirmed %(hours)s in %(month)s.") % facts,
            _("The funder asks the employer to confirm them too. One list, one button."),
        ],
        buttons=[(_("See the list"), absolute(address))],
        why=_("You get this mail because you have a mandate to confirm hours for %(organisation)s.") % facts,
    )


__all__ = [
    "compose_copy",
    "compose_countersign",
    "compose_statement",
    "statement_of_token",
    "statement_token",
]

"""Asking people to confirm their hours: one link a month, reminders, asking again after a change, asking employers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.directory.choices import MandateScope
from samverk.directory.models import Mandate
from samverk.kit.acting import THE_CLOCK, Actor, Refusal
from samverk.ledger.models import HourEntry, Statement
from samverk.ledger.months import first_of, month_before
from samverk.ledger.queries import waiting_for_employers
from samverk.people.models import Person
from samverk.post.commands import UNDO_SECONDS, queue_mail
from samverk.trail.commands import log

ASK_ON_DAY, ASK_AT_HOUR = 2, 9
EMPLOYERS_ON_DAY = 9
REMIND_AFTER = timedelta(days=7)
REMINDERS_AT_MOST = 2
# A reminder of something half forgotten is a riddle: what was asked longer ago, a person takes up with a person.
REMIND_NO_LONGER = timedelta(days=60)
BATCH = 200
WAITING = (Statement.State.OPEN, Statement.State.VOID)


def make_statements(month: date, *, by: Actor = THE_CLOCK, people: Collection[int] | None = None) -> int:
    """Make the month's statements and mail each person one link for all her hours. Says how many were asked.

    Runs any number of times: whoever was asked is not asked again, whoever has hours since is. Persons without an
    address get a statement too, for paper.
    """
    entries = HourEntry.objects.live().filter(month=first_of(month)).order_by("person")
    entries = entries.filter(person__in=people) if people is not None else entries
    asked_already = Statement.objects.filter(month=first_of(month), asked_at__isnull=False).values("person")
    waiting = entries.exclude(person__in=asked_already)
    asked, after = 0, 0
    while some := list(waiting.filter(person__gt=after).values_list("person", flat=True).distinct()[:BATCH]):
        with transaction.atomic():
            asked += _make_some(first_of(month), some, by)
        after = some[-1]
    return asked


def _make_some(month: date, people: Sequence[int], by: Actor) -> int:
    known = set(Statement.objects.filter(month=month, person__in=people).values_list("person", flat=True))
    new = [Statement(person_id=person, month=month) for person in people if person not in known]
    Statement.objects.bulk_create(new, ignore_conflicts=True)
    statements = Statement.objects.select_for_update(of=("self",)).filter(
        month=month, person__in=people, asked_at=None
    )
    rows = [row for row in statements.select_related("person") if row.person.mail_address]
    for row in rows:
        _mail("ledger.statement", row, once_key=f"statement:{row.pk}:{row.link_version}")
    Statement.objects.filter(pk__in=[row.pk for row in rows]).update(asked_at=timezone.now())
    if by.is_person:
        for row in rows:
            log("ask_for_hours", row, by=by, scope=f"person:{row.person.code}")
    return len(rows)


def ask_for_last_month(now: datetime | None = None) -> int:
    """On the 2nd at 09:00 of the centre's clock, and for hours that come later in the month. A duty of the worker."""
    here = timezone.localtime(now)
    if (here.day, here.hour) < (ASK_ON_DAY, ASK_AT_HOUR):
        return 0
    return make_statements(month_before(here.date()))


def remind_statements(now: datetime | None = None) -> int:
    """Remind those who have not answered for seven days, two times at most. A duty of the worker."""
    now = now or timezone.now()
    quiet = Statement.objects.annotate(last=Coalesce(F("last_reminder_at"), F("asked_at"))).filter(
        state__in=WAITING,
        reminders__lt=REMINDERS_AT_MOST,
        last__lte=now - REMIND_AFTER,
        asked_at__gte=now - REMIND_NO_LONGER,
    )
    return sum(_remind(pk, now) for pk in list(quiet.values_list("pk", flat=True)[:BATCH]))


def remind_statement(statement: Statement, *, by: Actor) -> Statement:
    """Remind one person now, on a coordinator's word. Refused when she was reminded twice."""
    if statement.asked_at is None or statement.state not in WAITING:
        raise Refusal(
            _("There is nothing to remind of: the hours were not sent, or are answered."),
            code="nothing_to_remind",
        )
    if statement.reminders >= REMINDERS_AT_MOST:
        raise Refusal(_("Two reminders were sent already. Ring, or print the paper."), code="reminded_twice")
    with transaction.atomic():
        _remind(statement.pk, timezone.now())
        log("remind", statement, by=by, scope=f"person:{statement.person.code}")
    statement.refresh_from_db()
    return statement


def _remind(pk: int, now: datetime) -> int:
    with transaction.atomic():
        row = Statement.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)
        if row.state not in WAITING or row.reminders >= REMINDERS_AT_MOST or not row.person.mail_address:
            Statement.objects.filter(pk=pk).update(last_reminder_at=now)
            return 0
        round_of_asking = f"{row.asked_at:%Y%m%d%H%M%S}" if row.asked_at else ""
        key = f"statement-reminder:{row.pk}:{round_of_asking}:{row.reminders + 1}"
        _mail("ledger.statement_reminder", row, once_key=key)
        Statement.objects.filter(pk=pk).update(reminders=F("reminders") + 1, last_reminder_at=now)
    return 1


def ask_again(voided: Iterable[tuple[Statement, str, int]]) -> None:
    """After a signature was voided: say which line changed, and ask again. In the caller's transaction."""
    for statement, because, signature in voided:
        _ask_anew(statement, because, f"statement-again:{signature}")


def ask_for_new_lines(entries: Collection[HourEntry], *, but: Collection[int] = ()) -> None:
    """Lines that came after a statement was signed wait for a signature of their own. In the caller's transaction."""
    if not entries:
        return
    signed = Statement.objects.filter(
        person__in={entry.person_id for entry in entries},
        month__in={entry.month for entry in entries},
        state__in=[Statement.State.SIGNED, Statement.State.DISPUTED],
    ).exclude(pk__in=but)
    for statement in signed.select_related("person"):
        new = [e for e in entries if (e.person_id, e.month) == (statement.person_id, statement.month)]
        if new:
            Statement.objects.filter(pk=statement.pk).update(state=Statement.State.OPEN)
            _ask_anew(statement, "", f"statement-new:{statement.pk}:{new[0].pk}")


def _ask_anew(statement: Statement, because: str, once_key: str) -> None:
    Statement.objects.filter(pk=statement.pk).update(
        asked_at=timezone.now(), reminders=0, last_reminder_at=None
    )
    if statement.person.mail_address:
        facts = {"because": because}
        _mail("ledger.statement_again", statement, once_key=once_key, facts=facts, delay_seconds=UNDO_SECONDS)


def send_copy(statement: Statement, signature: int) -> None:
    """A copy of what was signed, by mail. In the caller's transaction."""
    if statement.person.mail_address:
        _mail(
            "ledger.statement_copy",
            statement,
            once_key=f"statement-copy:{signature}",
            facts={"signature": signature},
        )


def _mail(
    kind: str,
    statement: Statement,
    *,
    once_key: str,
    facts: dict[str, Any] | None = None,
    delay_seconds: int = 0,
) -> None:
    person: Person = statement.person
    queue_mail(
        kind,
        to=person.mail_address,
        to_name=str(person),
        person=person,
        language=person.language,
        scope=f"person:{person.code}",
        thing_id=statement.pk,
        facts=facts,
        is_secret=True,
        delay_seconds=delay_seconds,
        once_key=once_key,
    )


def ask_employers(now: datetime | None = None) -> int:
    """From the 9th on, tell mandated persons that hours of last month wait for the employer. A duty of the worker."""
    here = timezone.localtime(now)
    if (here.day, here.hour) < (EMPLOYERS_ON_DAY, ASK_AT_HOUR):
        return 0
    month = month_before(here.date())
    waiting = waiting_for_employers(month)
    organisations = set(waiting.values_list("organisation", flat=True).distinct())
    mandates = Mandate.objects.on(here.date()).filter(organisation__in=organisations).select_related("person")
    mandated = [mandate for mandate in mandates if mandate.allows(MandateScope.CONFIRM_HOURS)]
    told = 0
    for mandate in mandated:
        theirs = waiting.filter(organisation=mandate.organisation_id).exclude(person=mandate.person_id)
        if mandate.person.mail_address and theirs.exists():
            told += _tell_employer(mandate, month)
    return told


def _tell_employer(mandate: Mandate, month: date) -> int:
    mail = queue_mail(
        "ledger.countersign",
        to=mandate.person.mail_address,
        to_name=str(mandate.person),
        person=mandate.person,
        language=mandate.person.language,
        scope=f"person:{mandate.person.code}",
        thing_id=mandate.organisation_id,
        facts={"month": f"{month:%Y-%m}"},
        once_key=f"countersign:{mandate.organisation_id}:{month:%Y-%m}:{mandate.person_id}",
    )
    return int(mail.attempts == 0)

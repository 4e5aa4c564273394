"""Issuing certificates: for many at once in the background, in batches that are whole or never were."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.completion import Standing, key_of, standings
from samverk.activities.models import Activity, Registration
from samverk.certificates.credentials import signed_credential
from samverk.certificates.messages import ISSUED, KIND, certificate_mail
from samverk.certificates.models import Certificate, Issuing
from samverk.certificates.rules import LONGEST_NAME, issuing_refusal
from samverk.certificates.signing import Signer, signer
from samverk.certificates.status_lists import take_places
from samverk.certificates.wording import Frame, certificate_facts, digest_of, frame
from samverk.kit.acting import CLOCK, Actor, Refusal
from samverk.kit.faults import fault_point
from samverk.people.models import Person
from samverk.post.commands import queue_mails
from samverk.trail.commands import log, log_each

BATCH = 50
LEASE = timedelta(seconds=60)
# One turn of the worker; mail stands in the same lane and must not wait.
TURN_SECONDS = 2.0


def start_issuing(activity: Activity, keys: Iterable[str], *, by: Actor, tells: bool = True) -> Issuing:
    """Give certificates to those of these people who have completed the activity and have none.

    ``keys`` are those of samverk.activities.completion. The worker does it; `work_on_issuing` does it at once.
    """
    with transaction.atomic():
        activity = (
            Activity.objects.select_for_update(of=("self",)).select_related("programme").get(pk=activity.pk)
        )
        if refusal := issuing_refusal(activity):
            raise refusal
        if Issuing.objects.filter(activity=activity, finished_at=None).exists():
            raise Refusal(_("Certificates are being issued now. Wait until they are done."), code="at_work")
        asked = list(dict.fromkeys(keys))
        have = _live_keys(activity)
        entitled = {key for key, one in standings(activity, asked).items() if one.completes}
        wanted = [key for key in asked if key in entitled and key not in have]
        if not wanted:
            raise Refusal(_("Nobody of these waits for a certificate."), code="nobody")
        issuing = Issuing.objects.create(activity=activity, keys=wanted, tells=tells, started_by=by.person)
        log("start_issuing", issuing, by=by, scope=activity.programme.scope)
        return issuing


def waiting_issuings() -> QuerySet[Issuing]:
    """Work that nobody is at, the oldest first."""
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    return Issuing.objects.filter(free, finished_at=None).order_by("pk")


def is_an_issuing_waiting() -> bool:
    return waiting_issuings().exists()


def work_on_issuings() -> int:
    """Take up what waits, for a turn. A duty of the worker."""
    taken = list(waiting_issuings()[:3])
    for issuing in taken:
        work_on_issuing(issuing, seconds=TURN_SECONDS)
    return len(taken)


def work_on_issuing(issuing: Issuing, *, seconds: float = 0) -> Issuing:
    """Issue batch after batch until it is done, or until the time is over (0: no limit)."""
    until = time.monotonic() + seconds
    taken = waiting_issuings().filter(pk=issuing.pk).update(leased_until=timezone.now() + LEASE)
    frames: dict[str, Frame] = {}
    while taken:
        if _issue_batch(issuing.pk, frames) or (seconds and time.monotonic() > until):
            break
        fault_point("certificates.between_batches")
    issuing.refresh_from_db()
    if taken and issuing.finished_at is None:
        Issuing.objects.filter(pk=issuing.pk).update(leased_until=None)
    return issuing


def _issue_batch(issuing_id: int, frames: dict[str, Frame]) -> bool:
    """The next few; True when that was all. Who has got one meanwhile is passed over, so nobody gets two."""
    with transaction.atomic():
        rows = Issuing.objects.select_for_update(of=("self",)).select_related(
            "activity__programme", "started_by"
        )
        issuing = rows.get(pk=issuing_id)
        if issuing.finished_at:
            return True
        if refusal := issuing_refusal(issuing.activity):
            issuing.stopped_because = str(refusal.reason)[:300]
            return _finish(issuing)
        by = Actor(person=issuing.started_by, through=CLOCK)
        keys = issuing.keys[issuing.done : issuing.done + BATCH]
        issuing.issued += len(issue_to(issuing.activity, keys, by=by, frames=frames, issuing=issuing))
        fault_point("certificates.in_batch")
        issuing.done += len(keys)
        issuing.leased_until = timezone.now() + LEASE
        if issuing.done >= issuing.total:
            return _finish(issuing)
        issuing.save(update_fields=["done", "issued", "leased_until"])
        return False


def _finish(issuing: Issuing) -> bool:
    issuing.finished_at, issuing.leased_until = timezone.now(), None
    issuing.save(update_fields=["done", "issued", "finished_at", "leased_until", "stopped_because"])
    return True


def issue_to(
    activity: Activity, keys: Sequence[str], *, by: Actor, frames: dict[str, Frame], issuing: Issuing
) -> list[Certificate]:
    """Certificates for those of the keys who have completed and have none. Inside a transaction."""
    have = _live_keys(activity)
    entitled = [one for one in standings(activity, keys).values() if one.completes and one.key not in have]
    people = Person.objects.in_bulk([one.person_id for one in entitled if one.person_id])
    places = _registrations(activity, entitled)
    if not entitled:
        return []
    spots = take_places(len(entitled))
    made = [
        _certificate(activity, one, people, places, spot) for one, spot in zip(entitled, spots, strict=True)
    ]
    key = signer()
    for certificate, standing in zip(made, entitled, strict=True):
        certificate.issuing, certificate.issued_by = issuing, by.person
        if certificate.language not in frames:
            frames[certificate.language] = frame(activity, certificate.language)
        name = str(certificate.person or certificate.registration or "")
        write_content(certificate, frames[certificate.language], name=name, standing=standing, signer=key)
    Certificate.objects.bulk_create(made)
    log_each("issue", made, by=by, scope=activity.programme.scope)
    if issuing.tells:
        queue_mails(KIND, (mail for one in made if (mail := certificate_mail(one, ISSUED))))
    return made


def _certificate(
    activity: Activity, standing: Standing, people: dict[int, Person], places: dict[str, Registration],
    spot: tuple[int, int],
) -> Certificate:  # fmt: skip
    person, place = people.get(standing.person_id or 0), places.get(standing.key)
    language = person.language if person else place.language if place else activity.language
    return Certificate(
        activity=activity, person=person, registration=place, language=language,
        minutes_attended=standing.share.attended, minutes_planned=standing.share.planned,
        status_list=spot[0], status_index=spot[1],
    )  # fmt: skip


def write_content(
    certificate: Certificate, frame: Frame, *, name: str, standing: Standing, signer: Signer
) -> None:
    """Freeze what it says and sign it. Nothing is saved."""
    certificate.facts = certificate_facts(
        frame, name=name[:LONGEST_NAME], share=standing.share, number=certificate.code,
        day=timezone.localdate(certificate.issued_at), replaces=certificate.replaces,
    )  # fmt: skip
    certificate.digest = digest_of(certificate.facts)
    certificate.credential = signed_credential(certificate, signer)


def _live_keys(activity: Activity) -> set[str]:
    """Who has one that counts; also by the person who said later that a shared mailbox's place is hers."""
    live = Certificate.objects.live().filter(activity=activity)
    rows = live.values_list("person", "registration", "registration__person")
    return {key for person, place, owner in rows for key in (key_of(person, place), key_of(owner, None))}


def _registrations(activity: Activity, entitled: Sequence[Standing]) -> dict[str, Registration]:
    """The place each of them came by, where there is one: of a person her newest."""
    people = [one.person_id for one in entitled if one.person_id]
    alone = [one.registration_id for one in entitled if one.registration_id]
    rows = activity.registrations.filter(Q(person__in=people) | Q(pk__in=alone)).order_by("pk")
    return {key_of(row.person_id, row.pk if row.pk in alone else None): row for row in rows}

"""Correcting an absence: excused by a coordinator with a reason, or asked for by the person; each step in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.absences.choices import ExcuseState
from samverk.absences.models import Excuse
from samverk.absences.queries import absences
from samverk.activities.models import Registration
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

UNDO_EXCUSING = "absences.excuse"


def ask_correction(registration: Registration, *, because: str, by: Actor) -> Excuse:
    """The person says why it should not count. It counts until a coordinator has answered."""
    with transaction.atomic():
        registration = _lock(registration)
        found = Excuse.objects.filter(registration=registration).first()
        if found is not None and found.state != ExcuseState.ASKED:
            raise Refusal(
                _("A coordinator has answered this already. Ring if it is still wrong."), code="answered"
            )
        excuse = found or Excuse(registration=registration, state=ExcuseState.ASKED)
        excuse.because, excuse.written_at = _reason(because), timezone.now()
        excuse.save()
        log("ask_correction", registration, by=by, scope=registration.activity.programme.scope)
        return excuse


def excuse_absence(registration: Registration, *, because: str, by: Actor) -> Excuse:
    """It does not count. Where the person asked, her own words stay as the reason unless another is given."""
    with transaction.atomic():
        registration = _lock(registration)
        excuse = Excuse.objects.filter(registration=registration).first() or Excuse(registration=registration)
        before = {"state": excuse.state, "because": excuse.because}
        excuse.because = _reason(because.strip() or excuse.because)
        _decide(excuse, ExcuseState.GRANTED, by)
        log(
            "excuse_absence", registration, by=by, scope=registration.activity.programme.scope, changed=["excuse"],
            undo_with=UNDO_EXCUSING, undo_facts=before,
        )  # fmt: skip
        return excuse


def let_count(registration: Registration, *, by: Actor) -> None:
    """It counts again, or all the same: an excuse is withdrawn, a wish for one is answered with no."""
    with transaction.atomic():
        registration = _lock(registration)
        excuse = Excuse.objects.filter(registration=registration).exclude(state=ExcuseState.DECLINED).first()
        if excuse is None:
            return
        before = {"state": excuse.state, "because": excuse.because}
        _decide(excuse, ExcuseState.DECLINED, by)
        log(
            "let_absence_count", registration, by=by, scope=registration.activity.programme.scope,
            changed=["excuse"], undo_with=UNDO_EXCUSING, undo_facts=before,
        )  # fmt: skip


def undo_deciding(thing_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """As it stood before the last decision."""
    registration = Registration.objects.select_related("activity__programme").get(pk=thing_id)
    excuse = Excuse.objects.filter(registration=registration).first()
    if excuse is not None and not facts["state"]:
        excuse.delete()
    elif excuse is not None:
        excuse.because = facts["because"]
        _decide(excuse, facts["state"], by)
    log("undo_excuse", registration, by=by, scope=registration.activity.programme.scope, changed=["excuse"])


def forget_excuses(person: Any) -> None:
    """An erasure: reasons may tell of illness."""
    Excuse.objects.filter(registration__person=person).delete()


def _decide(excuse: Excuse, state: str, by: Actor) -> None:
    excuse.state = state
    is_open = state == ExcuseState.ASKED
    excuse.decided_at, excuse.decided_by = (None, None) if is_open else (timezone.now(), by.person)
    excuse.save()


def _lock(registration: Registration) -> Registration:
    related = Registration.objects.select_for_update(of=("self",)).select_related("activity__programme")
    found = related.get(pk=registration.pk)
    if not absences().filter(pk=found.pk).exists():
        raise Refusal(_("This is no absence of the last 12 months."), code="no_absence")
    return found


def _reason(because: str) -> str:
    because = " ".join(because.split())
    if not because:
        raise Refusal(_("Write why, in one sentence."), code="no_reason", field="because")
    return because[:300]

"""Rights that stand on mandates and affiliations."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from samverk.directory.choices import MandateScope
from samverk.directory.models import Affiliation, Mandate, Organisation


def mandates_of(person: Any, scope: MandateScope | None = None) -> list[Mandate]:
    """A person's mandates in force today, with their organisations; only those with the scope, when given."""
    if not person or not person.is_authenticated:
        return []
    found = Mandate.objects.on(timezone.localdate()).filter(person=person).select_related("organisation")
    return [mandate for mandate in found if scope is None or mandate.allows(scope)]


def organisation_ids_under_mandate(person: Any, scope: MandateScope | None = None) -> list[int]:
    return [mandate.organisation_id for mandate in mandates_of(person, scope)]


def may_act_for(person: Any, organisation: Organisation, scope: MandateScope) -> bool:
    """Whether a mandate of today lets the person act for the organisation within the scope."""
    return organisation.pk in organisation_ids_under_mandate(person, scope)


def known_organisations(person: Any) -> QuerySet[Organisation]:
    """Organisations the person is confirmed to belong to today."""
    today = timezone.localdate()
    ids = (
        Affiliation.objects.on(today).filter(person=person, confirmed_at__isnull=False).values("organisation")
    )
    return Organisation.objects.alive().filter(pk__in=ids)


def organisations_of(person: Any) -> QuerySet[Organisation]:
    """Organisations a person is affiliated with or has a mandate for, claimed or confirmed."""
    today = timezone.localdate()
    affiliated = Affiliation.objects.on(today).filter(person=person).values("organisation")
    return Organisation.objects.alive().filter(
        Q(pk__in=affiliated) | Q(pk__in=organisation_ids_under_mandate(person))
    )

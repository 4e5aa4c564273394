"""Who sees a certificate, who issues them, who changes how they look."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samverk.activities.models import Activity
from samverk.activities.permissions import activities_in_office, may_edit_activity
from samverk.certificates.models import Certificate
from samverk.programmes.models import Programme
from samverk.programmes.permissions import may_edit_programme


def own_certificates(person: Any) -> QuerySet[Certificate]:
    """A person's own, those of her registrations included."""
    return Certificate.objects.filter(Q(person=person) | Q(person=None, registration__person=person))


def certificates_in_office(person: Any) -> QuerySet[Certificate]:
    """Those of the activities a person works with."""
    return Certificate.objects.filter(activity__in=activities_in_office(person))


def certificates_to_read(person: Any) -> QuerySet[Certificate]:
    """Whose content she may open in the office: never that of somebody with protected identity."""
    protected = Q(person__is_protected=True) | Q(person=None, registration__person__is_protected=True)
    return certificates_in_office(person).exclude(protected)


def may_issue_certificates(person: Any, activity: Activity) -> bool:
    """Coordinators and trainers issue, correct and revoke."""
    return may_edit_activity(person, activity)


def may_edit_template(person: Any, programme: Programme) -> bool:
    return may_edit_programme(person, programme)

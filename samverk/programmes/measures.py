"""What programmes can prove: who is in."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from samverk.kit.measuring import BY_SECTOR, Measure, Question
from samverk.programmes.models import Enrolment


def enrolled(question: Question) -> QuerySet[Enrolment]:
    """Enrolments in force on at least one day of the period."""
    not_over = Q(ends=None) | Q(ends__gte=question.starts)
    return Enrolment.objects.filter(not_over, programme=question.programme, starts__lte=question.ends)


MEASURES = (
    Measure(
        code="organisations_enrolled",
        name=_("Organisations enrolled"),
        counted=_("Each organisation once that was enrolled on at least one day of the period."),
        rows=enrolled,
        only=Q(organisation__isnull=False),
        counts="organisation",
        shape="enrolled_organisation",
        parts={BY_SECTOR: "organisation__sector"},
    ),
    Measure(
        code="people_enrolled",
        name=_("People enrolled"),
        counted=_("Each person once who was enrolled by name on at least one day of the period."),
        rows=enrolled,
        only=Q(person__isnull=False),
        counts="person",
        shape="enrolled_person",
        parts={BY_SECTOR: "organisation__sector"},
    ),
)

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.absences.choices import ExcuseState
from samverk.activities.models import Registration


class Excuse(models.Model):
    """Why an absence does not count: a coordinator says so, or the person asks and a coordinator answers."""

    trail_values = ("state",)

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="excuse")
    state = models.CharField(max_length=8, choices=ExcuseState)
    because = models.CharField(_("why"), max_length=300)
    written_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="asked", decided_at=None)
                | (~models.Q(state="asked") & models.Q(decided_at__isnull=False)),
                name="excuse_is_asked_or_decided",
            )
        ]

    def __str__(self) -> str:
        return str(self.registration_id)

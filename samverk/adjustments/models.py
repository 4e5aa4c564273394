from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import Adjustment
from samverk.activities.models import Registration
from samverk.adjustments.choices import RequestState
from samverk.kit.codes import CodeField


class AdjustmentRequest(models.Model):
    """What one participant needs of what the activity offers; a task for the team, with a day and an outcome."""

    # What is needed may tell of health: the log says that it changed, never to what.
    trail_values = ("state",)

    code = CodeField()
    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, related_name="adjustment_request"
    )
    # Values of Adjustment, in their order.
    kinds = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    needed_by = models.DateField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["needed_by", "id"]

    def __str__(self) -> str:
        return self.code

    @property
    def kinds_in_words(self) -> str:
        return ", ".join(str(one.label) for one in Adjustment if one.value in self.kinds)

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from samverk.activities.models import Activity, Registration
from samverk.kit.codes import CodeField
from samverk.questions.models import QuestionSet


class Asked(models.Model):
    """A set of questions that everybody, or everybody of some roles, is asked when registering for an activity."""

    trail_values = ("comes_as", "leaders_read", "leaders_read_protected")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="asked")
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="asked")
    # As what one comes (ComesAs); empty for everybody.
    comes_as = models.JSONField(default=list, blank=True)
    # Beside the roles that each question names.
    leaders_read = models.BooleanField(default=True)
    leaders_read_protected = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "asked"
        constraints = [
            models.UniqueConstraint(fields=["activity", "question_set"], name="set_asked_once_in_activity")
        ]

    def __str__(self) -> str:
        return str(self.question_set)


class Given(models.Model):
    """What somebody answered: {key of question: answer}, as ``questions.answers`` keeps it. Nothing protected."""

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="given")
    answers = models.JSONField(default=dict)
    given_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "given"

    def __str__(self) -> str:
        return str(self.registration_id)


class Sealed(models.Model):
    """Allergies and access needs, encrypted: read by named roles, each reading logged, erased after the activity."""

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="sealed")
    content = models.TextField()
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "sealed"

    def __str__(self) -> str:
        return str(self.registration_id)

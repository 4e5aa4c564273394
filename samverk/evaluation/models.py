from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity, Registration, Session
from samverk.evaluation.choices import EvaluationState, Moment
from samverk.kit.codes import CodeField
from samverk.questions.models import QuestionSet


def new_answer_key() -> int:
    """A random key: neither it nor the place of its row says which answer came first."""
    return secrets.randbits(62)


class Evaluation(models.Model):
    """A set of questions put to the people of an activity, or of one session, at one moment."""

    trail_values = ("state", "moment", "is_anonymous", "closes_on")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="evaluations")
    # One session of several; without it the whole activity.
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    question_set = models.ForeignKey(QuestionSet, on_delete=models.PROTECT, related_name="evaluations")
    moment = models.CharField(_("when"), max_length=6, choices=Moment, default=Moment.AFTER)
    is_anonymous = models.BooleanField(_("anonymous"), default=True)
    # The evaluation before, whose answers are put beside those of this one.
    compared_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="compared_by"
    )
    state = models.CharField(max_length=6, choices=EvaluationState, default=EvaluationState.DRAFT)
    closes_on = models.DateField(_("closes on"))
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.question_set)


class Invitation(models.Model):
    """Who may answer once. Of an anonymous evaluation it says only that somebody answered, never when or what."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="invitations")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    is_used = models.BooleanField(default=False)
    invited_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "registration"], name="invited_to_evaluation_once")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.pk}"


class Answer(models.Model):
    """What somebody answered. An anonymous one has no person, no time and no order."""

    id = models.BigIntegerField(primary_key=True, default=new_answer_key)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="answers")
    is_anonymous = models.BooleanField()
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.CASCADE, related_name="answer"
    )
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_anonymous=True, invitation=None)
                | models.Q(is_anonymous=False, invitation__isnull=False),
                name="anonymous_answer_names_nobody",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

"""Rows of the sheets, taps of phones, and rulings on completion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from samverk.activities.choices import (
    EvidenceKind,
    Mark,
    Representation,
)
from samverk.activities.models.activities import Activity, Session
from samverk.activities.models.registrations import Registration
from samverk.directory.choices import AffiliationRole
from samverk.directory.models import Organisation


class Attendance(models.Model):
    """A row of a session's sheet: expected from the start, not marked until somebody looks."""

    trail_values = ("mark", "representation", "role")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    # A walk-in's name as heard at the door, until a person is found or made.
    name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    organisation_typed = models.CharField(max_length=300, blank=True)
    representation = models.CharField(max_length=10, choices=Representation, default=Representation.NONE)
    role = models.CharField(max_length=10, choices=AffiliationRole, blank=True)
    is_walk_in = models.BooleanField(default=False)
    is_leader = models.BooleanField(default=False)
    mark = models.CharField(max_length=6, choices=Mark, default=Mark.NOT_MARKED)
    # Only for a part: when the stay began and ended. Whole sessions take the session's own times.
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=20, choices=EvidenceKind, default=EvidenceKind.FACILITATOR_MARK)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Two devices marked differently and nobody has decided yet.
    is_disputed = models.BooleanField(default=False)
    sort_key = models.CharField(max_length=200, default="", editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=models.Q(person__isnull=False),
                name="one_row_per_person_and_session",
            ),
            models.UniqueConstraint(
                fields=["session", "registration"],
                condition=models.Q(registration__isnull=False),
                name="one_row_per_registration_and_session",
            ),
            models.CheckConstraint(
                condition=~models.Q(mark="part")
                | models.Q(came_at__isnull=False, left_at__isnull=False, left_at__gt=models.F("came_at")),
                name="part_has_from_and_to",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="attendance_of_person")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.mark}"

    @property
    def was_here(self) -> bool:
        return self.mark in (Mark.HERE, Mark.PART)


class MarkReceived(models.Model):
    """A tap of a phone, taken once by its own id, also when it was sent twice or arrived late."""

    id = models.UUIDField(primary_key=True)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="marks")
    mark = models.CharField(max_length=6, choices=Mark)
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    tapped_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    evidence = models.CharField(max_length=20, choices=EvidenceKind, default=EvidenceKind.FACILITATOR_MARK)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["received_at"]

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.mark}"


class CompletionRuling(models.Model):
    """A coordinator says, with a reason, that somebody has completed an activity, or has not, whatever the minutes say."""

    trail_values = ("completes",)

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="completion_rulings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Somebody who shares a mailbox and has not said yet which person she is.
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    completes = models.BooleanField()
    because = models.CharField(max_length=300)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ruled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=models.Q(person__isnull=False),
                name="one_ruling_per_person",
            ),
            models.UniqueConstraint(
                fields=["activity", "registration"],
                condition=models.Q(registration__isnull=False),
                name="one_ruling_per_registration",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, registration__isnull=False)
                | models.Q(person__isnull=False, registration__isnull=True),
                name="ruling_about_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.completes}"

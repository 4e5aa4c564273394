"""What is offered, who leads it, and when people meet."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import (
    ActivityKind,
    ActivityState,
    Audience,
    Beneficiary,
    EvidenceKind,
)
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField
from samverk.programmes.models import Component, Programme


class Activity(models.Model):
    """What is offered: a course, a meeting, a conference, an advice case; it happens in sessions."""

    trail_values = ("state", "audience", "capacity", "kind", "completion_share")

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="activities")
    component = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind, default=ActivityKind.COURSE)
    beneficiary = models.CharField(
        _("who benefits"), max_length=12, choices=Beneficiary, default=Beneficiary.PERSON
    )
    audience = models.CharField(
        _("who may see it"), max_length=10, choices=Audience, default=Audience.PRIVATE
    )
    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.DRAFT)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    for_whom = models.CharField(_("for whom"), max_length=300, blank=True)
    take_home = models.CharField(_("what one takes home"), max_length=300, blank=True)
    themes = models.JSONField(default=list, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    access = models.CharField(_("access at the venue"), max_length=300, blank=True)
    online_link = models.URLField(_("link for online"), blank=True)
    price = models.CharField(_("price"), max_length=100, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    capacity = models.PositiveIntegerField(_("number of places"), null=True, blank=True)
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    takes_registrations = models.BooleanField(_("takes registrations"), default=True)
    # Whoever attended at least so many percent of the planned minutes has completed it; None while nobody has said.
    completion_share = models.DecimalField(
        _("share to attend"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    # First and last moment of its sessions, kept by the commands that write sessions: the calendar sorts by it.
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    # Places taken, counted under the lock by the registration commands; the calendar reads it.
    places_taken = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    folded = models.TextField(editable=False, default="")

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capacity=None)
                | models.Q(capacity__gte=models.F("places_taken"))
                | models.Q(state="cancelled"),
                name="never_more_places_than_capacity",
            ),
            models.CheckConstraint(
                condition=models.Q(completion_share=None)
                | models.Q(completion_share__gt=0, completion_share__lte=100),
                name="completion_share_is_a_percentage",
            ),
        ]
        indexes = [
            models.Index(fields=["audience", "state", "starts_at"], name="activity_calendar"),
            models.Index(fields=["programme", "starts_at"], name="activity_of_programme"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.places_taken >= self.capacity

    @property
    def places_left(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.places_taken)

    @property
    def where(self) -> str:
        return ", ".join(part for part in (self.venue, self.place) if part)


class Leader(models.Model):
    """Who leads an activity; leads its attendance too."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="leaders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leads")
    title = models.CharField(max_length=100, blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="leader_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.activity_id}"


class Session(models.Model):
    """One occurrence with date and time. Everything people meet in is a session."""

    trail_values = ("starts_at", "ends_at", "planned_minutes", "state")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60, default="Europe/Stockholm")
    # What can be claimed at most: the end less the start less breaks.
    planned_minutes = models.PositiveIntegerField(_("minutes that count"))
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    online_link = models.URLField(_("link for online"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    # People nobody named: shown, never counted as persons.
    head_count = models.PositiveIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Strongest proof that covers the whole sheet, such as a signed list that was filed.
    evidence = models.CharField(max_length=20, choices=EvidenceKind, default=EvidenceKind.FACILITATOR_MARK)
    sequence = models.PositiveIntegerField(default=0)
    needs_posting = models.BooleanField(default=False)
    # Raised with each change of its sheet: screens that watch ask for this number and for nothing else.
    sheet_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(planned_minutes__gte=1), name="session_has_minutes"),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="session_by_time"),
            models.Index(fields=["activity", "starts_at"], name="session_of_activity"),
            models.Index(fields=["id"], condition=models.Q(needs_posting=True), name="session_to_post"),
        ]

    def __str__(self) -> str:
        return self.title or self.code

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(self.zone)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.DONE

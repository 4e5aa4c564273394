from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity
from samverk.directory.models import Room

# A night belongs to the day before until this hour, as conference programmes count.
DAY_CHANGE = 4


class Agenda(models.Model):
    """The programme of an activity: its rooms, tracks and items. Only the team sees it until it is published."""

    trail_values = ("day_change", "time_zone", "version")

    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="agenda")
    time_zone = models.CharField(max_length=60)
    day_change = models.PositiveSmallIntegerField(_("a day ends at this hour"), default=DAY_CHANGE)
    # Short name and edition, as programme files carry them; made where nobody wrote them.
    acronym = models.CharField(_("short name in files"), max_length=60, blank=True)
    version = models.CharField(_("edition"), max_length=100, blank=True)
    timeslot_minutes = models.PositiveSmallIntegerField(default=5)
    # Everything a programme file said that has no column: it goes out again as it came in.
    extra = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(day_change__lte=12), name="day_changes_at_night")
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def code(self) -> str:
        """An agenda is found by its activity's code."""
        return self.activity.code


class ProgrammeRoom(models.Model):
    """Where items are held, by the name on the programme; it may be a room of a venue's card."""

    trail_values = ("capacity",)

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=200)
    guid = models.UUIDField(default=uuid.uuid4)
    card = models.ForeignKey(
        Room, null=True, blank=True, on_delete=models.PROTECT, related_name="programme_rooms"
    )
    capacity = models.PositiveIntegerField(_("room for how many"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="programme_room_has_name"),
            models.UniqueConstraint(fields=["agenda", "name"], name="programme_room_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Track(models.Model):
    """A thread through the programme."""

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="tracks")
    name = models.CharField(_("name"), max_length=200)
    colour = models.CharField(max_length=7, blank=True)
    slug = models.CharField(max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="track_has_name"),
            models.UniqueConstraint(fields=["agenda", "name"], name="track_once"),
        ]

    def __str__(self) -> str:
        return self.name

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Session
from samverk.agenda.choices import ClashKind, ItemKind
from samverk.agenda.models.agenda import Agenda, ProgrammeRoom, Track
from samverk.kit.codes import CodeField

LONGEST_MINUTES = 24 * 60


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def standing(self) -> AgendaItemQuerySet:
        """Without those that were taken out."""
        return self.filter(removed_at=None)


class AgendaItem(models.Model):
    """A welcome, a talk, a panel, a workshop or a break inside a session."""

    trail_values = ("kind", "starts_at", "minutes", "day")

    code = CodeField()
    # The same for life and everywhere: calendars and conference apps know an item by it.
    guid = models.UUIDField(default=uuid.uuid4)
    # The number older programme files want beside it.
    number = models.PositiveIntegerField()
    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="items")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="agenda_items")
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind, default=ItemKind.TALK)
    # The kind as a file said it, where that was another word.
    kind_typed = models.CharField(max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=500)
    subtitle = models.CharField(_("subtitle"), max_length=500, blank=True)
    abstract = models.TextField(_("in short"), blank=True)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(_("minutes"))
    # The programme's day: what begins after midnight stands with the evening before.
    day = models.DateField()
    room = models.ForeignKey(
        ProgrammeRoom, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.PROTECT, related_name="items")
    # Counts changes for calendars.
    sequence = models.PositiveIntegerField(default=0)
    extra = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", models.F("room__position").asc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="item_has_title"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES), name="item_has_minutes"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="item_ends_after_start"
            ),
            models.UniqueConstraint(fields=["agenda", "guid"], name="item_guid_once"),
            models.UniqueConstraint(fields=["agenda", "number"], name="item_number_once"),
        ]
        indexes = [models.Index(fields=["agenda", "day", "starts_at"], name="item_of_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def starts_local(self) -> datetime:
        return self.starts_at.astimezone(self.agenda.zone)

    @property
    def ends_local(self) -> datetime:
        return self.ends_at.astimezone(self.agenda.zone)


class AcceptedClash(models.Model):
    """Two items that want one room or one person at the same time, and why that is all right."""

    kind = models.CharField(max_length=8, choices=ClashKind)
    first = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="clashes_first")
    second = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="clashes_second")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "accepted clashes"
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="clash_accepted_once"),
            models.CheckConstraint(
                condition=models.Q(first_id__lt=models.F("second_id")), name="clash_in_order"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="clash_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"

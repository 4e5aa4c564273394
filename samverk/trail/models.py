from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from samverk.kit.codes import CodeField, new_row_code
from samverk.trail.words import verb_words

UNDO_HOURS = 24


class Entry(models.Model):
    """One thing done: who, through what, verb, thing, names of changed fields; values only of harmless fields."""

    code = CodeField(default=new_row_code)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    through = models.CharField(max_length=10)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    thing_type = models.CharField(max_length=60)
    thing_id = models.BigIntegerField(null=True)
    thing_label = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=60, blank=True)
    changed = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    address = models.GenericIPAddressField(null=True)
    undo_with = models.CharField(max_length=60, blank=True)
    undo_facts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["thing_type", "thing_id", "-id"], name="trail_by_thing"),
            models.Index(fields=["scope", "-id"], name="trail_by_scope"),
            models.Index(fields=["at"], name="trail_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.thing_type} {self.thing_label}"

    @property
    def verb_words(self) -> str:
        return verb_words(self.verb)

    @property
    def can_be_undone(self) -> bool:
        fresh = timezone.now() - self.at < timedelta(hours=UNDO_HOURS)
        return bool(self.undo_with) and self.undone_at is None and fresh


class ClockRun(models.Model):
    """When a duty of the worker last ran, and who holds it now."""

    duty = models.CharField(max_length=60, unique=True)
    last_started = models.DateTimeField(null=True)
    last_finished = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.duty


class Mark(models.Model):
    """A fact about the database itself, such as that it holds example data."""

    name = models.CharField(max_length=60, unique=True)
    value = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class LimitCount(models.Model):
    """How often something was asked within one span of time; ``key`` is a digest of what and who."""

    key = models.CharField(max_length=32)
    # Seconds since 1970.
    span_ends = models.BigIntegerField(db_index=True)
    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "span_ends"], name="one_count_a_span")]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity
from samverk.follow_up.choices import MaterialAudience, MaterialKind, Rights
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField


class Task(models.Model):
    """Something somebody said she would do, until a day."""

    trail_values = ("due",)

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    due = models.DateField(_("until"), null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = [models.F("due").asc(nulls_last=True), "id"]
        indexes = [models.Index(fields=["owner", "due"], condition=models.Q(done_at=None), name="task_to_do")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due is not None and self.due < timezone.localdate()


class Material(models.Model):
    """A file, a picture or a link of an activity, for those who were there or for everybody."""

    trail_values = ("kind", "audience")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField(max_length=8, choices=MaterialKind)
    title = models.CharField(_("title"), max_length=200)
    audience = models.CharField(_("for whom"), max_length=10, choices=MaterialAudience)
    link = models.URLField(_("address"), max_length=500, blank=True)
    file = models.FileField(upload_to="materials", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    # What a picture shows, for those who cannot see it.
    described = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    maker = models.CharField(_("who made it"), max_length=100, blank=True)
    rights = models.CharField(_("by what right"), max_length=10, choices=Rights, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="link", file="") | ~models.Q(kind="link") & ~models.Q(file=""),
                name="material_is_a_file_or_a_link",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="picture") | ~models.Q(described=""), name="picture_is_described"
            ),
        ]
        indexes = [models.Index(fields=["activity", "audience"], name="material_of_activity")]

    def __str__(self) -> str:
        return self.title


class Summary(models.Model):
    """What is told about an activity afterwards: drafted from the facts, kept by hand, published by a person."""

    trail_values = ("published_at",)

    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="afterword")
    language = models.CharField(max_length=2, choices=Language)
    text = models.TextField(_("text"), max_length=10_000, blank=True)
    edited_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "summaries"

    def __str__(self) -> str:
        return f"{self.activity_id}"


class NextMeeting(models.Model):
    """Which activity follows on which: one thread from a breakfast to what came of it."""

    before = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="followed_by")
    after = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="follows")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(before=models.F("after")), name="nothing_follows_on_itself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.before_id} {self.after_id}"

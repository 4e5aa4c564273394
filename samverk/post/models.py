from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_row_code


class Mail(models.Model):
    """One outgoing mail. Its words are composed at sending, so that codes and links are stored nowhere."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        CANCELLED = "cancelled", _("Cancelled before sending")

    code = CodeField(default=new_row_code)
    kind = models.CharField(max_length=60)
    to = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="mails"
    )
    language = models.CharField(max_length=2, choices=Language)
    scope = models.CharField(max_length=60, blank=True)
    thing_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    # Mails of sign-in and signing: never listed in the office.
    is_secret = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    send_after = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    # What was sent, with codes and links masked; erased after 90 days.
    body = models.TextField(blank=True)
    # Same key, one mail: the idempotence of whoever queues.
    once_key = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["send_after"], condition=models.Q(state="queued"), name="mail_to_send"),
            models.Index(fields=["scope", "-id"], name="mail_by_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

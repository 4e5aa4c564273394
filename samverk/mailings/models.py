from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity, Registration, Session
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField
from samverk.mailings.choices import Addressees, MailingState
from samverk.programmes.models import Programme

LONGEST_BODY = 5_000


class LetterTemplate(models.Model):
    """A message a programme's team writes again and again, in one language."""

    trail_values = ("name",)

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="letter_templates")
    name = models.CharField(_("name of the template"), max_length=100)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=150)
    body = models.TextField(_("text"), max_length=LONGEST_BODY)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="letter_template_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Mailing(models.Model):
    """One message to a group of an activity's people; frozen when it is sent."""

    trail_values = ("addressees", "state", "recipient_number")

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="mailings")
    addressees = models.CharField(_("to whom"), max_length=12, choices=Addressees)
    language = models.CharField(_("language of the text"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=150)
    body = models.TextField(_("text"), max_length=LONGEST_BODY)
    # Somebody reads what is answered; without an address answers go to the centre.
    reply_to = models.EmailField(_("answers go to"), blank=True)
    state = models.CharField(max_length=12, choices=MailingState, default=MailingState.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    recipient_number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject


class Recipient(models.Model):
    """Who got a mailing: one row for each registration, made at sending."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipients")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "registration"], name="one_letter_per_registration")
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.registration_id}"


class ReminderPlan(models.Model):
    """Which reminders an activity sends by itself; without a row it is the day before, and no week before."""

    trail_values = ("week_before", "day_before")

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="reminder_plan")
    week_before = models.BooleanField(_("A week before the first session"), default=False)
    day_before = models.BooleanField(_("The day before each session"), default=True)

    def __str__(self) -> str:
        return f"{self.activity_id}"


class Reminder(models.Model):
    """A session's reminder that went out; a session that moves is reminded of anew."""

    class Kind(models.TextChoices):
        DAY = "day", _("The day before")
        WEEK = "week", _("A week before")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=4, choices=Kind)
    starts_at = models.DateTimeField()
    queued_at = models.DateTimeField(default=timezone.now)
    recipient_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "starts_at"], name="one_reminder_of_each_kind")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.kind}"

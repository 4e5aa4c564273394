from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Activity, Registration
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_code, new_row_code
from samverk.programmes.models import Programme

# 20 letters of 19: 84.9 random bits. Nobody finds a certificate by trying.
CHECK_LETTERS = 20


def new_check_code() -> str:
    return new_code(CHECK_LETTERS)


class CertificateTemplate(models.Model):
    """How the certificates of a programme look; logos and the funder's line are the programme's own."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="certificate_template")
    place = models.CharField(_("place of issue"), max_length=100, blank=True)
    shows_hours = models.BooleanField(_("hours attended"), default=True)
    shows_contents = models.BooleanField(_("contents"), default=True)
    shows_where = models.BooleanField(_("where it was held"), default=True)

    def __str__(self) -> str:
        return str(self.programme_id)


class TemplateText(models.Model):
    """The words of a template in one language; what is empty is said in our own words."""

    template = models.ForeignKey(CertificateTemplate, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    heading = models.CharField(_("heading"), max_length=60, blank=True)
    statement = models.CharField(_("after the name"), max_length=200, blank=True)
    closing = models.CharField(_("last paragraph"), max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "language"], name="template_text_once")]

    def __str__(self) -> str:
        return f"{self.template_id} {self.language}"


class Signatory(models.Model):
    """Who signs the certificates of a programme. Never changed: another signature is another row."""

    template = models.ForeignKey(CertificateTemplate, on_delete=models.PROTECT, related_name="signatories")
    name = models.CharField(_("name"), max_length=100)
    title = models.CharField(_("title"), max_length=120, blank=True)
    # Empty where the signature is written by hand on the printed page.
    picture = models.FileField(upload_to="signatures", blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "signatories"

    def __str__(self) -> str:
        return self.name


class ActivityText(models.Model):
    """What a certificate says of an activity in one language: its title there, and what it was about, a line each."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="certificate_texts")
    language = models.CharField(max_length=2, choices=Language)
    title = models.CharField(_("title"), max_length=200, blank=True)
    contents = models.TextField(_("contents"), max_length=1500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "language"], name="activity_text_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.language}"


class Issuing(models.Model):
    """Certificates for many at once: who, how far it is, who works on it. A killed worker's work is taken again."""

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="issuings")
    # Keys of samverk.activities.completion, in the order of the list.
    keys = models.JSONField(default=list)
    tells = models.BooleanField(default=True)
    # How many of the keys are looked at, and how many certificates came of it.
    done = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    # Why it stopped before its end.
    stopped_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=models.Q(finished_at=None), name="one_open_issuing"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def total(self) -> int:
        return len(self.keys)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def live(self) -> CertificateQuerySet:
        return self.filter(revoked_at=None)


class Certificate(models.Model):
    """What was certified to somebody. Its content is frozen; a mistake is corrected by another one that names this."""

    # Shown as its number; it stands in the signed content, so it must never be taken by another.
    code = CodeField(default=new_row_code)
    # The address of its check page.
    check_code = models.CharField(max_length=24, unique=True, default=new_check_code, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="certificates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    # Of somebody who shares a mailbox, or the place it came of.
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    language = models.CharField(max_length=2, choices=Language)
    # Every word that stands on it, as samverk.certificates.wording made them; empty after an erasure.
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    minutes_attended = models.PositiveIntegerField(default=0)
    minutes_planned = models.PositiveIntegerField(default=0)
    # The signed Open Badges credential, and its place in the list of revocations.
    credential = models.TextField(blank=True)
    status_list = models.PositiveIntegerField()
    status_index = models.PositiveIntegerField()
    issuing = models.ForeignKey(
        Issuing, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_because = models.CharField(max_length=300, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=models.Q(revoked_at=None, person__isnull=False),
                name="one_live_certificate_per_person",
            ),
            models.UniqueConstraint(
                fields=["activity", "registration"],
                condition=models.Q(revoked_at=None, person=None),
                name="one_live_certificate_per_registration",
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="one_place_in_a_status_list"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(registration__isnull=False),
                name="certificate_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def owner(self):
        """The person it is about, where she is known."""
        return self.person or (self.registration.person if self.registration else None)

    @property
    def is_protected(self) -> bool:
        """Of somebody with protected identity: to herself only, whenever that began."""
        return self.owner is not None and self.owner.is_protected

    @property
    def name(self) -> str:
        """The name that stands on it."""
        return self.facts.get("name", "")


class SigningKey(models.Model):
    """The public half of a key that signed credentials. It stays after the private half is gone, so that they verify."""

    # RFC 7638 thumbprint.
    thumbprint = models.CharField(max_length=64, unique=True)
    public = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.thumbprint


class StatusList(models.Model):
    """A list of revocations: a bit for each credential, signed anew at each revocation."""

    number = models.PositiveIntegerField(unique=True)
    next_index = models.PositiveIntegerField(default=0)
    document = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)

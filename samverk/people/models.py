from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_check_in_code, new_row_code
from samverk.kit.fold import fold, sort_key


class PersonQuerySet(models.QuerySet["Person"]):
    def alive(self) -> PersonQuerySet:
        """Without those that were merged into another."""
        return self.filter(merged_into=None)


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email=(email or "").lower())


def default_language() -> str:
    return settings.LANGUAGE_CODE


def new_archive_code() -> str:
    """Also the name of its file, so it cannot be guessed."""
    return new_check_in_code()


def in_fourteen_days() -> datetime:
    return timezone.now() + timedelta(days=14)


class Person(AbstractBaseUser):
    """Somebody. May sign in with a code by e-mail; the address is optional."""

    trail_values = ("language", "is_protected")

    code = CodeField()
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    # The address she signs in with, lower case; contact_email may be a shared mailbox.
    email = models.EmailField(null=True, blank=True)
    contact_email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=default_language)
    is_protected = models.BooleanField(default=False)
    is_keeper = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    sort_key = models.CharField(max_length=200, editable=False, default="")
    folded = models.CharField(max_length=300, editable=False, default="")
    # What was read about whoever sent a request, until it is answered; None for every other person.
    kept_for_request: dict[str, Any] | None = None
    # No password is ever kept: people sign in by code and link.
    password = None  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(condition=~models.Q(given_name=""), name="person_has_given_name"),
        ]
        indexes = [models.Index(fields=["sort_key", "id"], name="person_sorted")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper()

    @property
    def scope(self) -> str:
        """The scope under which the trail and the post keep what concerns this person alone."""
        return f"person:{self.code}"

    @property
    def mail_address(self) -> str:
        return self.email or self.contact_email

    def write_keys(self) -> None:
        """Set what search and sorting read; called by every command that sets a name."""
        self.email = self.email.lower() if self.email else None
        self.sort_key = sort_key(
            f"{self.family_name or self.given_name} {self.given_name}", settings.LANGUAGE_CODE
        )
        self.folded = fold(f"{self.given_name} {self.family_name}")[:300]

    def get_session_auth_hash(self) -> str:
        """Sessions end when the address that proved them changes."""
        from django.utils.crypto import salted_hmac

        return salted_hmac("samverk.session", f"{self.pk}:{self.email}", algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_keeper

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_keeper

    @property
    def is_staff(self) -> bool:
        return self.is_keeper


class SignIn(models.Model):
    """A request to sign in. Its code and link are worked out from the installation's key and stored nowhere."""

    email = models.EmailField()
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE)
    language = models.CharField(max_length=2, choices=Language)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    link_version = models.PositiveIntegerField(default=1)
    next_address = models.CharField(max_length=300, blank=True)
    # Made by `samverk login-link`: shown to the person at her next sign-in.
    by_keeper = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["email", "-asked_at"], name="sign_in_by_email")]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class Device(models.Model):
    """A signed-in browser; ending it signs that browser out."""

    code = CodeField(default=new_row_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=120, blank=True)
    signed_in_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(default=in_fourteen_days)
    through_keeper = models.BooleanField(default=False)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.label or self.code


class Archive(models.Model):
    """Everything that is held about a person, as one file she asked for. It lies for seven days."""

    class State(models.TextChoices):
        ASKED = "asked", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    code = CodeField(default=new_archive_code)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="archives")
    language = models.CharField(max_length=2, choices=Language)
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How many of its files are made.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to="archives", blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="asked"), name="one_archive_being_made"
            )
        ]

    def __str__(self) -> str:
        return self.code

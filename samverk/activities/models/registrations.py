"""A place in an activity, or the wish for one."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from samverk.activities.choices import (
    TAKES_PLACE,
    ForWhom,
    RegistrationState,
    Representation,
)
from samverk.activities.models.activities import Activity
from samverk.directory.choices import AffiliationRole
from samverk.directory.models import Organisation
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_check_in_code
from samverk.people.models import SignIn


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def taking_places(self) -> RegistrationQuerySet:
        return self.filter(state__in=TAKES_PLACE)


class Registration(models.Model):
    """A place, or the wish for one: keeps name, address and organisation as typed."""

    trail_values = ("state", "representation", "role")

    code = CodeField()
    check_in_code = models.CharField(max_length=12, unique=True, default=new_check_in_code, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="registrations")
    # A person's only after its code or link is used, or when staff or the person herself registers.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    # The request whose code confirms this registration; the last one counts.
    sign_in = models.ForeignKey(
        SignIn, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    organisation_typed = models.CharField(max_length=300, blank=True)
    for_whom = models.CharField(max_length=10, choices=ForWhom, default=ForWhom.MYSELF)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    representation = models.CharField(max_length=10, choices=Representation, default=Representation.NONE)
    role = models.CharField(max_length=10, choices=AffiliationRole, blank=True)
    note = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2, choices=Language)
    state = models.CharField(max_length=12, choices=RegistrationState)
    registered_at = models.DateTimeField(default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The order of the waiting list; kept when somebody comes back by undo.
    queued_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    link_version = models.PositiveIntegerField(default=1)
    # One sending of the form is one registration, however often it arrives.
    form_key = models.UUIDField(default=uuid.uuid4, unique=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=models.Q(state__in=["held", "queued_held", "confirmed", "waiting", "offered"]),
                name="one_live_registration_per_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="offered") | models.Q(offered_until__isnull=False),
                name="offer_has_deadline",
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "state", "queued_at"], name="registration_queue"),
            models.Index(
                fields=["held_until"],
                condition=models.Q(state__in=["held", "queued_held"]),
                name="registration_held",
            ),
            models.Index(
                fields=["offered_until"], condition=models.Q(state="offered"), name="registration_offered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def name(self) -> str:
        return str(self)

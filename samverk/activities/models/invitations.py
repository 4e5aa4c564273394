"""A personal invitation to an activity: one address, one link."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import ComesAs
from samverk.activities.models.activities import Activity
from samverk.directory.models import Organisation
from samverk.kit.choices import Language
from samverk.kit.codes import CodeField


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> InvitationQuerySet:
        return self.filter(withdrawn_at=None)


class Invitation(models.Model):
    """Somebody is asked to come. The link of the mail opens the activity whatever its audience; it holds no place."""

    trail_values = ("comes_as",)

    code = CodeField()
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="invitations")
    # Lower case, as people sign in with it.
    email = models.EmailField(_("e-mail"))
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    organisation_typed = models.CharField(_("organisation"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    # Known to whoever invited her: then lists show her as they show people.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    comes_as = models.CharField(_("comes as"), max_length=12, choices=ComesAs, default=ComesAs.PARTICIPANT)
    language = models.CharField(max_length=2, choices=Language)
    words = models.TextField(_("words of your own"), blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    # She says that she cannot come; she may still change her mind.
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "email"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_invitation_per_address",
            ),
            models.CheckConstraint(condition=~models.Q(email=""), name="invitation_has_address"),
        ]
        indexes = [models.Index(fields=["email"], name="invitation_by_email")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email

    @property
    def name(self) -> str:
        return str(self)

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Registration
from samverk.agenda.choices import SpeakerRole
from samverk.agenda.models.agenda import Agenda
from samverk.agenda.models.items import AgendaItem
from samverk.directory.models import Organisation
from samverk.kit.codes import CodeField


class Speaker(models.Model):
    """Somebody on the programme: a participant with one registration, however many items and roles she has.

    The public reads her name, title and organisation only when she, or somebody for her, has said yes.
    """

    trail_values = ("confirmed_at",)

    code = CodeField()
    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="speakers")
    # None only where no place could be given: the activity was full when a file was imported.
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="speaker_at"
    )
    # As it stands on the programme; empty means the registration's name.
    name = models.CharField(_("name on the programme"), max_length=300, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="speakers"
    )
    organisation_typed = models.CharField(_("organisation"), max_length=300, blank=True)
    biography = models.TextField(_("about the person"), blank=True)
    guid = models.UUIDField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agenda", "registration"], name="one_speaker_per_registration"),
            models.CheckConstraint(
                condition=models.Q(registration__isnull=False) | ~models.Q(name=""), name="speaker_has_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.registration.name if self.registration else self.code)

    @property
    def is_protected(self) -> bool:
        """Somebody with protected identity has no public role, confirmed or not."""
        person = self.registration.person if self.registration else None
        return person is not None and person.is_protected

    @property
    def is_public(self) -> bool:
        return self.confirmed_at is not None and not self.is_protected

    @property
    def organisation_words(self) -> str:
        return self.organisation.name if self.organisation else self.organisation_typed


class Appearance(models.Model):
    """A speaker on an item, in a role."""

    trail_values = ("role",)

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="appearances")
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="appearances")
    role = models.CharField(_("role"), max_length=10, choices=SpeakerRole, default=SpeakerRole.SPEAKER)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "speaker"], name="speaker_once_on_an_item")]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.role} {self.item_id}"

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import Known
from samverk.kit.choices import Country
from samverk.kit.codes import CodeField
from samverk.kit.fold import fold, sort_key

# What somebody asks before she comes, in the order in which she meets it.
ACCESS_PARTS = {
    "parking": _("Parking for disabled people"),
    "step_free": _("Way in without steps"),
    "lift": _("Lift"),
    "toilet": _("Accessible toilet"),
    "hearing_loop": _("Hearing loop"),
    "quiet_room": _("Quiet room"),
    "guide_dog": _("Guide dogs are welcome"),
}


def _answer(name: str) -> models.CharField:
    return models.CharField(
        ACCESS_PARTS[name], max_length=3, choices=Known, default=Known.UNKNOWN, blank=True
    )


def _note() -> models.CharField:
    return models.CharField(_("note"), max_length=150, blank=True)


class AccessBlock(models.Model):
    """Each part yes, no or not known, and a note to it. Nobody is told yes because nobody asked."""

    parking = _answer("parking")
    parking_note = _note()
    step_free = _answer("step_free")
    step_free_note = _note()
    lift = _answer("lift")
    lift_note = _note()
    toilet = _answer("toilet")
    toilet_note = _note()
    hearing_loop = _answer("hearing_loop")
    hearing_loop_note = _note()
    quiet_room = _answer("quiet_room")
    quiet_room_note = _note()
    guide_dog = _answer("guide_dog")
    guide_dog_note = _note()

    class Meta:
        abstract = True


class VenueQuerySet(models.QuerySet["Venue"]):
    def alive(self) -> VenueQuerySet:
        """Without those that nobody meets in any longer."""
        return self.filter(archived_at=None)


class Venue(AccessBlock):
    """A house people meet in: where it is, how one gets in, and its rooms. Shared by all programmes."""

    trail_values = ("capacity", *ACCESS_PARTS)

    code = CodeField()
    name = models.CharField(_("name"), max_length=150)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, choices=Country, default=Country.SWEDEN)
    map_link = models.URLField(_("link to a map"), max_length=500, blank=True)
    directions = models.CharField(_("how to find it"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(_("room for how many"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    sort_key = models.CharField(max_length=200, editable=False, default="")
    folded = models.TextField(editable=False, default="")

    objects = VenueQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="venue_has_name")]
        indexes = [models.Index(fields=["sort_key", "id"], name="venue_sorted")]

    def __str__(self) -> str:
        return f"{self.name}, {self.place}" if self.place and self.place not in self.name else self.name

    def write_keys(self) -> None:
        """Set what search and sorting read; called by every command that writes."""
        self.sort_key = sort_key(self.name, settings.LANGUAGE_CODE)
        self.folded = fold(" ".join([self.name, self.address, self.place]))


class Room(AccessBlock):
    """A room of a venue. What is not known of the room is as it is in the house."""

    trail_values = ("capacity", *ACCESS_PARTS)

    code = CodeField()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=100)
    capacity = models.PositiveIntegerField(_("room for how many"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="room_has_name"),
            models.UniqueConstraint(
                fields=["venue", "name"], condition=models.Q(archived_at=None), name="room_once_in_a_venue"
            ),
        ]

    def __str__(self) -> str:
        return self.name

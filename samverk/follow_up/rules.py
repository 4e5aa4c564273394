"""What material needs before it is shown, and who may own a task."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.activities.choices import ActivityState, Audience
from samverk.follow_up.choices import MaterialAudience, MaterialKind
from samverk.follow_up.models import Material, Summary
from samverk.kit.acting import Refusal


def material_refusal(material: Material) -> Refusal | None:
    """A picture is described; what everybody sees has a right it is shown by, and is of a public activity."""
    if material.kind == MaterialKind.PICTURE and not material.described.strip():
        return Refusal(
            _("Say in one sentence what the picture shows, for those who cannot see it."),
            code="not_described",
            field="described",
        )
    if material.kind != MaterialKind.LINK and not material.rights:
        return Refusal(_("Say by what right we show it."), code="no_rights", field="rights")
    if material.audience == MaterialAudience.PUBLIC and not _is_public(material):
        return Refusal(
            _("The activity itself is not public. Choose those who were there."),
            code="not_public",
            field="audience",
        )
    return None


def _is_public(material: Material) -> bool:
    activity = material.activity
    return activity.audience == Audience.PUBLIC and activity.state != ActivityState.DRAFT


def publishing_refusal(summary: Summary) -> Refusal | None:
    """Published is what has words, about something everybody may know of."""
    if not summary.text.strip():
        return Refusal(_("Write the text first."), code="empty", field="text")
    if summary.activity.audience != Audience.PUBLIC or summary.activity.state == ActivityState.DRAFT:
        return Refusal(
            _("The activity itself is not public, so nothing is published about it."), code="not_public"
        )
    return None

"""When certificates may be issued, corrected or revoked, and when not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.activities.choices import ActivityState
from samverk.activities.models import Activity
from samverk.certificates.models import Certificate
from samverk.kit.acting import Refusal

LONGEST_NAME = 200


def issuing_refusal(activity: Activity) -> Refusal | None:
    """Why nobody gets a certificate of this activity now, or None."""
    if activity.state == ActivityState.CANCELLED:
        return Refusal(_("This activity is cancelled. It has no certificates."), code="cancelled")
    if activity.state == ActivityState.DRAFT:
        return Refusal(_("This activity is not published yet."), code="draft")
    if activity.completion_share is None:
        return Refusal(_("Say first how much one must attend."), code="no_rule", field="share")
    return None


def revoking_refusal(certificate: Certificate) -> Refusal | None:
    """Why this one cannot be revoked or corrected, or None."""
    if certificate.is_revoked:
        return Refusal(_("This certificate is revoked already."), code="revoked")
    if not certificate.facts:
        return Refusal(_("The content of this certificate was erased."), code="erased")
    return None


def needed_reason(text: str) -> str:
    """A reason in one line. Raises Refusal where there is none."""
    reason = " ".join(text.split())[:300]
    if not reason:
        raise Refusal(_("Write why, in one sentence."), code="no_reason", field="because")
    return reason

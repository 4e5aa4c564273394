"""What a message must be before it leaves the house."""

from __future__ import annotations

from django.utils.translation import gettext as _

from samverk.activities.choices import ActivityState
from samverk.kit.acting import Refusal
from samverk.mailings.choices import Addressees, MailingState
from samverk.mailings.fields import unknown_fields
from samverk.mailings.models import Mailing


def text_refusal(text: str, field: str) -> Refusal | None:
    """Braces hold the name of a field and nothing else: a slip would reach everybody."""
    wrong = unknown_fields(text)
    if not wrong:
        return None
    return Refusal(
        _("There is no field {%(name)s}. Choose one of the fields listed under the text.")
        % {"name": wrong[0]},
        code="unknown_field",
        field=field,
    )


def sending_refusal(mailing: Mailing, recipients: int) -> Refusal | None:
    """Only a draft with somebody to read it is sent; a draft of an activity concerns nobody yet."""
    if mailing.state != MailingState.DRAFT:
        return Refusal(_("This message is sent already."), code="sent")
    if mailing.activity.state == ActivityState.DRAFT:
        return Refusal(_("Publish the activity first. Nobody knows of it yet."), code="activity_draft")
    if not recipients:
        return Refusal(_("Nobody is in this group now, or nobody has an e-mail."), code="nobody")
    return None


def is_about_presence(addressees: str) -> bool:
    """Groups that only marked sheets can name."""
    return addressees in (Addressees.PRESENT, Addressees.ABSENT)

"""The mails of sign-in. Codes and links are made here, at sending, and stored nowhere."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.kit.codes import make_link
from samverk.people.commands import code_of
from samverk.people.models import SignIn
from samverk.people.rules import CODE_WORKS
from samverk.post.composing import Message, absolute
from samverk.post.models import Mail

LINK = "sign-in"


def sign_in_link(sign_in: SignIn) -> str:
    """The personal link of a sign-in; opening it shows a button and changes nothing."""
    token = make_link(LINK, sign_in.pk, sign_in.link_version)
    return absolute(reverse("portal:sign_in_link", kwargs={"token": token}))


def compose_sign_in(mail: Mail) -> Message | None:
    """Code and link in one mail, or how to begin where nobody is known under the address."""
    sign_in = SignIn.objects.select_related("person").filter(pk=mail.thing_id or 0).first()
    if sign_in is None or sign_in.used_at or sign_in.asked_at < timezone.now() - 2 * CODE_WORKS:
        return None  # whoever asked has gone, or is in already
    return _with_code(sign_in) if sign_in.person else _nobody_known(sign_in)


def _with_code(sign_in: SignIn) -> Message:
    return Message(
        subject=_("Your code for signing in"),
        paragraphs=[
            _("Type this code on the page where you asked for it."),
            _("Or press the button. It opens a page where you sign in with one more press."),
        ],
        code=code_of(sign_in),
        buttons=[(_("Open the sign-in page"), sign_in_link(sign_in))],
        why=_(
            "You get this mail because somebody asked to sign in with your address. If it was not you, do nothing."
        ),
    )


def _nobody_known(sign_in: SignIn) -> Message:
    return Message(
        subject=_("Signing in: we do not know this address yet"),
        paragraphs=[
            _("Somebody asked to sign in with %(email)s. Nobody is known under this address.")
            % {"email": sign_in.email},
            _("Did you use another address when you registered? Then sign in with that one."),
            _(
                "Are you new? Choose something in the calendar and register. Your page is made at the same time."
            ),
        ],
        buttons=[(_("See the calendar"), absolute(reverse("public:calendar")))],
        why=_(
            "You get this mail because somebody asked to sign in with your address. If it was not you, do nothing."
        ),
    )

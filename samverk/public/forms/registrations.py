"""One screen to register: for a visitor, for oneself, for somebody else, for a colleague under mandate.

Each form knows only what its visitor can use, and turns itself into the facts that ``register`` takes.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import ForWhom
from samverk.activities.models import Invitation
from samverk.asking.forms import AGAIN, Questionnaire
from samverk.directory.choices import AffiliationRole
from samverk.directory.models import Organisation
from samverk.kit.forms import Form
from samverk.public.forms.conditions import WISH, wishes_of

MYSELF, OTHER = "myself", "other"
SUGGESTIONS = "organisation-names"


class RegistrationForm(Form):
    """What every registration asks: a note, and a key that makes one sending one registration."""

    who = ""
    form_key = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Anything you want us to take up?"),
        help_text=_("A question or a wish. Write nothing about health or food: ring us about that."),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self, *args: Any, conditions: dict[str, forms.Field] | None = None,
        questions: Questionnaire | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["form_key"].initial = uuid.uuid4
        self.asked = list(conditions or {})
        self.fields.update(conditions or {})
        self.questions = questions or Questionnaire([])
        self.fields.update(self.questions.fields())
        if self.questions.protected_names:
            self.fields["note"].help_text = _("A question or a wish. Allergies and access belong above.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name, why in self.questions.missing(values, must_answer=self.must_answer(values)).items():
            self.add_error(name, why)
        return values

    def must_answer(self, values: dict[str, Any]) -> set[str]:
        """Keys of questions that nobody has answered for the organisation one stands for."""
        return set()

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered to the activity's questions: {key: value}."""
        return self.questions.answers(self.cleaned_data)

    @property
    def uses_again(self) -> bool:
        return bool(self.cleaned_data.get(AGAIN))

    @property
    def question_fields(self) -> list[Any]:
        return [self[name] for name in self.questions.open_names]

    @property
    def protected_fields(self) -> list[Any]:
        return [self[name] for name in self.questions.protected_names]

    def clean_form_key(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["form_key"])
        except ValueError:
            return uuid.uuid4()

    def facts(self) -> dict[str, Any]:
        """The keywords of ``register`` that this form answers."""
        plain = {"form_key": self.cleaned_data["form_key"], "note": self.cleaned_data["note"]}
        plain |= {name: self.cleaned_data[name] for name in self.asked if not name.startswith(WISH)}
        return plain | ({"wishes": wishes} if (wishes := wishes_of(self.cleaned_data)) else {})

    @property
    def condition_fields(self) -> list[Any]:
        """What the activity's conditions ask, in their order."""
        return [self[name] for name in self.asked]


class NamedForm(RegistrationForm):
    """A registration that names somebody."""

    given_name = forms.CharField(
        label=_("Given name"),
        max_length=100,
        error_messages={"required": _("Write the given name")},
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("We send the confirmation here."),
        error_messages={"required": _("Write the e-mail, for example anna@example.org")},
    )

    def facts(self) -> dict[str, Any]:
        named = {name: self.cleaned_data[name] for name in ("given_name", "family_name", "email")}
        return super().facts() | named


class OrganisationMixin(forms.Form):
    """An organisation as one types it, with the names of public ones as suggestions."""

    organisation = forms.CharField(
        label=_("Association or organisation"),
        help_text=_("If you come for yourself, leave it empty."),
        required=False,
        max_length=300,
        widget=forms.TextInput(
            {
                "autocomplete": "organization",
                "list": SUGGESTIONS,
                # Suggestions come while one types; without script one types the whole name.
                "hx-get": reverse_lazy("public:organisation_names"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": f"#{SUGGESTIONS}",
                "hx-swap": "innerHTML",
            }
        ),
    )


class VisitorForm(NamedForm, OrganisationMixin):
    """Somebody we do not know here: name, address, and perhaps an organisation."""

    who = "visitor"
    field_order = ["given_name", "family_name", "email", "organisation", "note"]

    def facts(self) -> dict[str, Any]:
        typed = self.cleaned_data["organisation"]
        return super().facts() | {
            "organisation_typed": typed,
            "for_whom": ForWhom.OTHER if typed.strip() else ForWhom.MYSELF,
        }


class InvitedForm(NamedForm, OrganisationMixin):
    """Somebody with the personal link of an invitation: its address is known and stays."""

    who = "invited"

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        named = {name: getattr(invitation, name) for name in ("given_name", "family_name")}
        super().__init__(*args, initial=named | {"organisation": invitation.organisation_typed}, **options)
        del self.fields["email"]
        self.invitation = invitation

    def facts(self) -> dict[str, Any]:
        typed = self.cleaned_data["organisation"]
        named = {name: self.cleaned_data[name] for name in ("given_name", "family_name")}
        return (
            RegistrationForm.facts(self)
            | named
            | {
                "email": self.invitation.email,
                "invitation": self.invitation,
                "organisation_typed": typed,
                "for_whom": ForWhom.OTHER if typed.strip() else ForWhom.MYSELF,
            }
        )


class AnotherForm(VisitorForm):
    """A signed-in person registers somebody else, such as another one of the same mailbox."""

    who = "another"


class OwnForm(RegistrationForm, OrganisationMixin):
    """A signed-in person registers herself: nothing is asked that we know."""

    who = "own"
    field_order = ["behalf", "organisation", "note"]
    behalf = forms.ChoiceField(label=_("For whom do you come?"), widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        known: list[Organisation],
        unanswered: dict[int, set[str]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.unanswered = unanswered or {}
        self.known = {organisation.code: organisation for organisation in known}
        if not known:
            del self.fields["behalf"]
            return
        behalf = cast(forms.ChoiceField, self.fields["behalf"])
        choices = [(code, _("For %(name)s") % {"name": one.name}) for code, one in self.known.items()]
        behalf.choices = [*choices, (MYSELF, _("For myself")), (OTHER, _("For another organisation"))]
        behalf.initial = choices[0][0]
        self.fields["organisation"].label = _("Which other organisation?")
        self.fields["organisation"].help_text = _("Only if you come for another organisation.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("behalf") == OTHER and not values.get("organisation", "").strip():
            self.add_error("organisation", _("Write the name of the organisation"))
        return values

    def must_answer(self, values: dict[str, Any]) -> set[str]:
        organisation = self.known.get(values.get("behalf", ""))
        return self.unanswered.get(organisation.pk, set()) if organisation else set()

    def facts(self) -> dict[str, Any]:
        behalf = self.cleaned_data.get("behalf", OTHER)
        typed = self.cleaned_data["organisation"].strip() if behalf == OTHER else ""
        organisation = self.known.get(behalf)
        for_whom = ForWhom.KNOWN if organisation else ForWhom.OTHER if typed else ForWhom.MYSELF
        return super().facts() | {
            "organisation_typed": typed,
            "organisation": organisation,
            "for_whom": for_whom,
        }


class ColleagueForm(NamedForm):
    """Somebody with a mandate registers a colleague of her organisation."""

    who = "colleague"
    field_order = ["organisation", "given_name", "family_name", "email", "role", "note"]
    organisation = forms.ChoiceField(label=_("Colleague in"))
    role = forms.ChoiceField(
        label=_("The colleague is"), required=False, choices=[("", _("Not said")), *AffiliationRole.choices]
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {one.code: one for one in organisations}
        cast(forms.ChoiceField, self.fields["organisation"]).choices = [
            (code, one.name) for code, one in self.organisations.items()
        ]
        self.fields["email"].required = False
        self.fields["email"].help_text = _(
            "We send the confirmation to the colleague. Leave it empty if there is none."
        )

    def facts(self) -> dict[str, Any]:
        return super().facts() | {
            "organisation": self.organisations[self.cleaned_data["organisation"]],
            "role": self.cleaned_data["role"],
            "for_whom": ForWhom.COLLEAGUE,
        }


class CodeForm(Form):
    """The eight letters of the mail."""

    code = forms.CharField(
        label=_("The code from the mail"),
        help_text=_("Eight letters. Small or large, with or without the space."),
        max_length=40,
        error_messages={"required": _("Write the eight letters that stand in the mail.")},
        widget=forms.TextInput(
            {
                "class": "code-input",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "size": "12",
            }
        ),
    )

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from samverk.kit import words
from samverk.kit.acting import Refusal
from samverk.kit.forms import Form, Hinted, ModelForm
from samverk.mailings.choices import Addressees
from samverk.mailings.fields import field_names
from samverk.mailings.models import Mailing
from samverk.mailings.rules import text_refusal


class MailingForm(ModelForm):
    """A message: to whom, and the words."""

    class Meta:
        model = Mailing
        fields = ["addressees", "subject", "body", "language", "reply_to"]
        widgets = {"addressees": forms.RadioSelect, "body": forms.Textarea({"rows": 12})}
        error_messages = {
            "addressees": {"required": _("Choose to whom the message goes.")},
            "subject": {"required": _("Write a subject.")},
            "body": {"required": _("Write the message.")},
        }
        help_texts = {"reply_to": _("Somebody reads this mailbox.")}

    def __init__(self, *args: Any, sizes: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["addressees"]
        group.choices = [(one.value, Hinted(one.label, _people(sizes[one.value]))) for one in Addressees]
        self.fields["body"].help_text = _("Fields that are filled in for each person: %(fields)s") % {
            "fields": ", ".join(field_names())
        }

    def clean_subject(self) -> str:
        return self._without_slips("subject")

    def clean_body(self) -> str:
        return self._without_slips("body")

    def _without_slips(self, field: str) -> str:
        text: str = self.cleaned_data[field]
        refusal: Refusal | None = text_refusal(text, field)
        if refusal:
            raise forms.ValidationError(str(refusal.reason), code=refusal.code)
        return text

    def _post_clean(self) -> None:
        """The command writes; this form only asks."""


def _people(number: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": words.number(number)}


class RemindersForm(Form):
    week_before = forms.BooleanField(label=_("A week before the first session"), required=False)
    day_before = forms.BooleanField(label=_("The day before each session"), required=False)


class TemplateForm(Form):
    name = forms.CharField(
        label=_("Name of the template"), max_length=100,
        help_text=_("The same name writes the old words over."),
        error_messages={"required": _("Give the template a name.")},
    )  # fmt: skip

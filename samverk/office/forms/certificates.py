from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samverk.activities.completion import USUAL_SHARE
from samverk.certificates.commands.templates import LOOK_FIELDS, TEXT_FIELDS
from samverk.certificates.models import ActivityText, CertificateTemplate, TemplateText
from samverk.certificates.rules import LONGEST_NAME
from samverk.kit.choices import Language
from samverk.kit.forms import Form, ModelForm


class ShareForm(Form):
    """How much of the planned time one must attend."""

    share = forms.DecimalField(
        label=_("Share to attend, in percent"),
        min_value=1,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=USUAL_SHARE,
        help_text=_("Minutes are compared exactly: 79.99 percent is not 80."),
        widget=forms.NumberInput({"inputmode": "decimal", "step": "0.01"}),
        error_messages={"min_value": _("Write 1 or more."), "max_value": _("Write 100 or less.")},
    )


class ReasonForm(Form):
    """Why, in a sentence that others read."""

    because = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("The person reads it, and so does whoever looks into it later."),
        error_messages={"required": _("Write why, in one sentence.")},
    )


class CorrectionForm(ReasonForm):
    """What the new certificate says differently; the rest is taken as it is now."""

    name = forms.CharField(label=_("Name on the certificate"), max_length=LONGEST_NAME)
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    field_order = ["name", "language", "because"]

    def __init__(self, *args: Any, is_protected: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_protected:
            # Her name is not shown; it stays as it is.
            del self.fields["name"]


class SignatoryForm(Form):
    """Who signs, with a picture of the signature or with room for a pen."""

    name = forms.CharField(label=_("Name"), max_length=100)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    file = forms.FileField(
        label=_("Picture of the signature"),
        required=False,
        help_text=_("JPEG, PNG or WebP. Without one there is room to sign by pen."),
    )


class LookForm(ModelForm):
    """What stands on all certificates of a programme."""

    class Meta:
        model = CertificateTemplate
        fields = LOOK_FIELDS
        help_texts = {"place": _("Stands before the day of issue, for example Malmö.")}


class WordsForm(ModelForm):
    """The words in one language; what is left empty is said in the usual words."""

    class Meta:
        model = TemplateText
        fields = TEXT_FIELDS
        widgets = {"closing": forms.Textarea({"rows": 3, "maxlength": 400})}

    def __init__(self, *args: Any, usual: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_usual(self, usual)


class ActivityWordsForm(ModelForm):
    """What certificates say of one activity in one language."""

    class Meta:
        model = ActivityText
        fields = ("title", "contents")
        widgets = {"contents": forms.Textarea({"rows": 6, "maxlength": 1500})}
        help_texts = {"contents": _("One thing on each line.")}

    def __init__(self, *args: Any, usual: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_usual(self, usual)


def _say_usual(form: forms.BaseForm, usual: dict[str, str]) -> None:
    """A hint below the label: what stands there when nothing is written."""
    for name, words in usual.items():
        if words:
            field = form.fields[name]
            said = gettext("Left empty: %(words)s") % {"words": words}
            field.help_text = f"{field.help_text} {said}".strip()

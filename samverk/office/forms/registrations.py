from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import AffiliationRole
from samverk.directory.models import Organisation
from samverk.kit.codes import typed_code
from samverk.kit.forms import Form


class OrganisationField(forms.CharField):
    """An organisation by its exact name or its code."""

    default_error_messages = {
        "unknown": _("No organisation has this name or code. Add it to the list of organisations first."),
        "several": _("Several organisations have this name. Write the code."),
    }
    organisations: Any = Organisation.objects.none()

    def to_python(self, value: Any) -> Organisation | None:  # type: ignore[override]
        asked = " ".join((super().to_python(value) or "").split())
        if not asked:
            return None
        found = list(self.organisations.filter(name__iexact=asked)[:2])
        found = found or list(self.organisations.filter(code=typed_code(asked))[:1])
        if len(found) != 1:
            code = "several" if found else "unknown"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return found[0]


class RepresentationForm(Form):
    """Whom somebody stands for."""

    organisation = OrganisationField(
        label=_("Organisation"), help_text=_("Its name as in the list, or its code.")
    )
    role = forms.ChoiceField(
        label=_("Role there"), required=False, choices=[("", _("Not known")), *AffiliationRole.choices]
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.organisations = organisations

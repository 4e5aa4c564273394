"""Every component in every state, on one page: for those who build screens, and for the tests."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django import forms as django_forms

from samverk.kit import forms


class ExampleForm(forms.Form):
    """One field of each sort."""

    name = django_forms.CharField(label=_("Your name"), widget=django_forms.TextInput({"autocomplete": "name"}))
    email = django_forms.EmailField(label=_("E-mail"), help_text=_("We send the confirmation here."))
    how = django_forms.ChoiceField(label=_("How will you take part?"), choices=[("room", "Room"), ("online","Online")], widget=django_forms.RadioSelect)


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    form = ExampleForm({"email": "anna@"})
    return render(request, "kit/gallery.html", {"form": form})

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.activities.models import Session
from samverk.kit import words
from samverk.kit.forms import Form
from samverk.paper.models import PrintedPage
from samverk.programmes.models import Programme

MOST_FILES = 20


class ManyFiles(forms.ClearableFileInput):
    """Files are chosen, photographed, or dropped on it: browsers do that by themselves."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFiles({"accept": ".pdf,image/*", "multiple": True, "class": "drop"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = data if isinstance(data, list | tuple) else [data]
        if len(sent) > MOST_FILES:
            said = _("Send at most %(most)s files at once.")
            raise forms.ValidationError(said, code="many", params={"most": MOST_FILES})
        return [super(ManyFilesField, self).clean(one, initial) for one in sent]


class SendForm(Form):
    files = ManyFilesField(
        label=_("Scans or photos"),
        max_length=None,
        allow_empty_file=True,
        help_text=_("PDF, JPEG, PNG, WebP or HEIC, 50 MB each at most. Choose several, or drop them here."),
        error_messages={"required": _("Choose at least one file.")},
    )
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        help_text=_("Its coordinators see pages whose code cannot be read."),
        empty_label=None,
    )

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        if len(programmes) == 1:
            self.fields["programme"].widget = forms.HiddenInput()
            self.initial.setdefault("programme", programmes[0].pk)


class CodeForm(Form):
    """The letters under the code."""

    code = forms.CharField(
        label=_("Code on the paper"),
        max_length=40,
        help_text=_("The letters under the square code, for example BCDFGHJKM-1-TXRW."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Write the code that stands on the paper.")},
    )


class SessionForm(Form):
    """Step one: which session."""

    session = forms.ModelChoiceField(
        label=_("Session"), queryset=Session.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, sessions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["session"]
        field.queryset = sessions
        field.label_from_instance = session_words


def session_words(session: Session) -> str:
    """A session in a list to choose from."""
    when = f"{words.day(session.starts_local, year=True)}, {words.span(session.starts_local, session.ends_local)}"
    named = f" · {session.title}" if session.title else ""
    return f"{when} · {session.activity.title}{named}"


class PageForm(Form):
    """Step two: which page of which print, where there are any."""

    session = forms.CharField(widget=forms.HiddenInput, max_length=12)
    page = forms.ModelChoiceField(
        label=_("Page"),
        queryset=PrintedPage.objects.none(),
        required=False,
        empty_label=_("The whole list"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, pages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["page"]
        field.queryset = pages
        field.label_from_instance = _page_words


def _page_words(page: PrintedPage) -> str:
    said = _("Page %(page)s, rows %(first)s–%(last)s, printed %(day)s %(clock)s")
    when = page.printed.printed_at.astimezone(page.printed.session.zone)
    last = page.first + max(len(page.rows), 1) - 1
    return said % {
        "page": page.number, "first": page.first, "last": last, "day": words.day(when), "clock": words.clock(when),
    }  # fmt: skip


class DiscardForm(Form):
    reason = forms.CharField(
        label=_("Why it is thrown away"),
        max_length=300,
        help_text=_("For example: blank back of a page."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write why it is thrown away.")},
    )


class WithdrawForm(Form):
    reason = forms.CharField(
        label=_("Why it does not belong here"),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off", "id": "id_withdraw_reason"}),
        error_messages={"required": _("Write why it does not belong here.")},
    )


class FootForm(Form):
    """Somebody who wrote her name at the foot of the list."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write the name of who came.")},
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.CharField(label=_("Why afterwards"), max_length=300, required=False)

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_closed:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

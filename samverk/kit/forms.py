"""How forms look and speak: one renderer, one bound field, and the plain words of the usual refusals.

`Form` and `ModelForm` here differ from Django's in their words only. Labels stand above, hints
below the label, optional fields are marked, an error stands by its field and in the summary with
the same words.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samverk.kit.widgets import drawn

OWN_TEMPLATES = {
    "django/forms/widgets/radio.html": "kit/forms/choices.html",
    "django/forms/widgets/checkbox_select.html": "kit/forms/choices.html",
    "django/forms/widgets/multiple_input.html": "kit/forms/choices.html",
}


class KitBoundField(BoundField):
    """A field on a page: knows its class, its parts' ids and whether to be marked as optional."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not widget.is_hidden and not isinstance(widget, widgets.MultiWidget):
            own = widget.attrs.get("class", "")
            built["class"] = f"ds-input {own}".strip()
        return built

    @property
    def is_single_box(self) -> bool:
        """One checkbox: its label stands after it."""
        return type(self.field.widget) is widgets.CheckboxInput

    @property
    def is_optional(self) -> bool:
        """Marked as not required. A filter marks nothing, and a lone checkbox explains itself."""
        marks = getattr(self.form, "mark_optional", True)
        return marks and not self.field.required and not self.is_single_box and not self.field.disabled

    @property
    def anchor(self) -> str:
        """The id that a link in the error summary leads to: the first control of the field."""
        if self.use_fieldset and hasattr(self.field.widget, "choices"):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id


class Renderer(DjangoTemplates):
    """Renders forms with the kit's templates; widgets we have no own template for stay Django's."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"
    bound_field_class = KitBoundField

    @cached_property
    def engine(self) -> Engine:
        return Engine(
            {
                "APP_DIRS": True,
                "DIRS": [],
                "NAME": "kitforms",
                "OPTIONS": {"builtins": ["samverk.kit.templatetags.kit"]},
            }
        )

    @cached_property
    def plain(self) -> DjangoTemplates:
        return DjangoTemplates()

    def render(self, template_name: str, context: Any, request: Any = None) -> Any:
        made = drawn(template_name, context)
        return made if made is not None else super().render(template_name, context, request)

    def get_template(self, template_name: str) -> Any:
        own = OWN_TEMPLATES.get(template_name, template_name)
        if own.startswith("django/"):
            return self.plain.get_template(own)
        return self.engine.get_template(own)


class Hinted:
    """A choice's label with a line of explanation below it."""

    def __init__(self, label: Any, hint: Any) -> None:
        self.label = label
        self.hint = hint

    def __str__(self) -> str:
        return str(self.label)


# The first kind that fits decides. Django's own words are replaced, words that a form chose stay.
_WORDS: list[tuple[type[forms.Field], str, Any]] = [
    (forms.BooleanField, "required", _("Tick: {label}")),
    (forms.ChoiceField, "required", _("Choose: {label}")),
    (forms.ModelChoiceField, "required", _("Choose: {label}")),
    (forms.FileField, "required", _("Choose a file: {label}")),
    (forms.Field, "required", _("Fill in: {label}")),
    (forms.EmailField, "invalid", _("Write the whole e-mail, for example anna@example.org")),
    (forms.DateTimeField, "invalid", _("Write the day and the time, for example 2026-03-19 18:00")),
    (forms.DateField, "invalid", _("Write the day, for example 2026-03-19")),
    (forms.TimeField, "invalid", _("Write the time with hours and minutes, for example 18:00")),
    (forms.DecimalField, "invalid", _("Write a number, for example 12.5")),
    (forms.IntegerField, "invalid", _("Write a whole number, for example 12")),
    (forms.URLField, "invalid", _("Write the whole address, for example https://example.org")),
    (forms.ChoiceField, "invalid_choice", _("Choose one of the answers: {label}")),
    (forms.ModelChoiceField, "invalid_choice", _("Choose one of the answers: {label}")),
]


def _words_of_django(field: forms.Field, code: str) -> Any:
    for parent in type(field).__mro__:
        words = getattr(parent, "default_error_messages", {}).get(code)
        if words:
            return words
    return None


def _say_plainly(field: forms.Field, name: str) -> None:
    label = field.label or name.replace("_", " ").capitalize()
    settled = set()
    for kind, code, words in _WORDS:
        if code in settled or not isinstance(field, kind):
            continue
        settled.add(code)
        if field.error_messages.get(code) == _words_of_django(field, code):
            field.error_messages[code] = format_lazy(words, label=label)


# What Django or a form sets on a control where HTML does not know it.
_FOREIGN_TO = (
    (widgets.Select, "maxlength"),
    (widgets.NumberInput, "size"),
    (widgets.NumberInput, "maxlength"),
)


def _drop_foreign_attributes(widget: widgets.Widget) -> None:
    for kind, name in _FOREIGN_TO:
        if isinstance(widget, kind):
            widget.attrs.pop(name, None)


class _PlainWords:
    """What `Form` and `ModelForm` share."""

    mark_optional = True
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            _say_plainly(field, name)
            _drop_foreign_attributes(field.widget)
            if isinstance(field, forms.EmailField):
                field.widget.attrs.setdefault("autocomplete", "email")


class Form(_PlainWords, forms.Form):
    """A form in plain words."""


class ModelForm(_PlainWords, forms.ModelForm):
    """A model form in plain words."""


class FilterForm(Form):
    """A GET form above a list: nothing is required and nothing is marked."""

    mark_optional = False

    @property
    def chosen(self) -> int:
        """How many of its fields narrow the list."""
        if not self.is_bound or not self.is_valid():
            return 0
        return sum(1 for value in self.cleaned_data.values() if value not in (None, "", [], False))


class WordsField(forms.CharField):
    """A list of words divided by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        parts = value.split(",") if isinstance(value, str) else value or []
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

"""Forms: the summary and the field say the same plain words."""

import html
import re

import pytest
from django import forms as django_forms
from django.template import Context, Template
from django.test import override_settings
from django.utils.translation import override

from samverk.kit import forms


class Registration(forms.Form):
    name = django_forms.CharField(label="Your name", widget=django_forms.TextInput({"autocomplete": "name"}))
    email = django_forms.EmailField(label="E-mail", help_text="We write here.")
    phone = django_forms.CharField(label="Phone", required=False)
    day = django_forms.DateField(label="Day", required=False)
    how = django_forms.ChoiceField(
        label="How",
        choices=[("room", forms.Hinted("In the room", "Upstairs"))],
        widget=django_forms.RadioSelect,
    )
    rules = django_forms.BooleanField(label="I have read the rules")
    town = django_forms.CharField(label="Town", error_messages={"required": "Write your town"})


def shown(form: forms.Form) -> str:
    with override("en"):
        return Template("{% error_summary form %}{{ form }}").render(Context({"form": form}))


def summary_links(page: str) -> dict[str, str]:
    return {
        html.unescape(text): anchor
        for anchor, text in re.findall(r'<li><a href="#([^"]+)">(.*?)</a></li>', page)
    }


@pytest.fixture
def refused() -> str:
    return shown(Registration({"email": "anna@", "day": "soon"}))


def test_the_summary_repeats_the_words_by_each_field(refused: str) -> None:
    beside = [
        html.unescape(t) for t in re.findall(r'class="ds-validation-message" id="[^"]+">(.*?)</p>', refused)
    ]
    assert sorted(beside) == sorted(summary_links(refused))
    assert len(beside) == 6


def test_each_line_of_the_summary_leads_to_a_control_that_exists(refused: str) -> None:
    for anchor in summary_links(refused).values():
        assert re.search(rf'<(input|select|textarea)[^>]*\sid="{anchor}"', refused), anchor


def test_an_error_says_what_to_do_and_never_that_somebody_is_wrong(refused: str) -> None:
    said = summary_links(refused)
    assert "Write the whole e-mail, for example anna@example.org" in said
    assert "Fill in: Your name" in said
    assert "Choose: How" in said
    assert "Tick: I have read the rules" in said
    assert "Write the day, for example 2026-03-19" in said
    assert "nvalid" not in "".join(said) and "lease" not in "".join(said)


def test_words_that_a_form_chose_itself_stay(refused: str) -> None:
    assert "Write your town" in summary_links(refused)


def test_what_was_typed_stays_and_the_field_points_to_its_notes(refused: str) -> None:
    email = re.search(r'<input type="email"[^>]*>', refused)
    assert email is not None
    assert 'value="anna@"' in email[0]
    assert 'aria-invalid="true"' in email[0]
    described = re.search(r'aria-describedby="([^"]+)"', email[0])
    assert described is not None
    for name in described[1].split():
        assert f'id="{name}"' in refused


def test_optional_fields_are_marked_and_required_ones_are_not() -> None:
    page = shown(Registration())
    assert page.count("(not required)") == 2
    assert not re.search(r"<input[^>]*\srequired", page)


def test_a_filter_marks_nothing_and_counts_what_narrows() -> None:
    class Narrow(forms.FilterForm):
        place = django_forms.CharField(required=False)
        theme = django_forms.CharField(required=False)

    form = Narrow({"place": "Väster", "theme": ""})
    assert form.chosen == 1
    assert Narrow().chosen == 0
    assert "(not required)" not in shown(form)


def test_autocomplete_reaches_the_page() -> None:
    page = shown(Registration())
    assert 'autocomplete="name"' in page
    assert 'autocomplete="email"' in page


def test_a_list_to_choose_from_has_no_attribute_of_a_text_field() -> None:
    class Picked(forms.Form):
        place = django_forms.CharField(max_length=20, widget=django_forms.Select(choices=[("a", "A")]))

    assert "maxlength" not in shown(Picked())


def test_a_choice_carries_its_explanation() -> None:
    page = shown(Registration())
    assert 'aria-describedby="id_how_0_hint"' in page
    assert re.search(r'id="id_how_0_hint">Upstairs<', page)


def test_what_people_typed_is_never_markup() -> None:
    page = shown(Registration({"name": '"><script>alert(1)</script>', "email": "<b>"}))
    assert "<script>alert" not in page
    assert "<b>" not in page


@override_settings(LANGUAGES=[("en", "English")])
def test_a_hint_is_text_too() -> None:
    class Odd(forms.Form):
        field = django_forms.CharField(label="A & <b>", help_text="<i>x</i>")

    page = shown(Odd())
    assert "<b>" not in page and "<i>" not in page

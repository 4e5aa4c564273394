"""The loop for long lists shows what Django's own loop shows, and parts shown twice are the same."""

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe


@dataclass
class Course:
    title: str
    places: int | None = None
    note: str = ""

    def name(self) -> str:
        return self.title.upper()


COURSES = [Course("Rökning & <kapr>", 3), Course("Bok", None, "full"), Course("Tom", 0, "late")]
INSIDES = [
    "<li>{{ row.title }} {{ row.name }} {{ row.places }}</li>",
    "{% if row.note %}<b>{{ row.note }}</b>{% else %}{{ word }}{% endif %}",
    "{% if row.note == 'full' and not row.places %}full{% elif row.places != 0 or is_past %}some{% endif %}",
    "{% if row.places > 2 %}many{% elif row.note|length == 4 %}four{% endif %}{{ row.title|upper }}",
    "{% icon 'map-pin' %}{% tag 'ok' row.title %}{{ word }}{% if is_past %}past{% endif %}",
    "{% with t=row.title %}{{ t }}{% endwith %}{% for sign in row.note %}{{ sign }}{{ row.title }}{% endfor %}",
]


def both(inside: str, rows: list) -> tuple[str, str]:
    known = {"rows": rows, "word": mark_safe("<i>word</i>"), "is_past": False}
    ours = Template("{% load i18n %}{% rows row in rows %}" + inside + "{% endrows %}|{{ row }}")
    plain = Template("{% load i18n %}{% for row in rows %}" + inside + "{% endfor %}|{{ row }}")
    return ours.render(Context({**known, "row": "outer"})), plain.render(Context({**known, "row": "outer"}))


@pytest.mark.parametrize("inside", INSIDES)
@pytest.mark.parametrize("rows", [COURSES, [vars(one) | {"name": one.name} for one in COURSES], []])
def test_rows_shows_what_a_for_shows(inside: str, rows: list) -> None:
    ours, plain = both(inside, rows)
    assert ours == plain


def test_a_name_that_a_row_lacks_is_an_error() -> None:
    with pytest.raises(AttributeError):
        both("{{ row.titel }}", COURSES)


def test_a_row_that_is_not_called_row_is_refused() -> None:
    from django.template import TemplateSyntaxError

    with pytest.raises(TemplateSyntaxError):
        Template("{% rows row of rows %}{% endrows %}")


def test_a_shared_part_is_made_once_a_page() -> None:
    made = []

    def counted() -> str:
        made.append(1)
        return "menu"

    page = Template(
        "{% partialdef nav %}<p>{{ counted }}</p>{% endpartialdef %}{% shared nav %}{% shared nav %}"
    )
    assert page.render(Context({"counted": counted})) == "<p>menu</p>" * 2
    assert len(made) == 1

"""Every component in every state, on one page: for those who build screens, and for the tests.

The examples are invented. What stands here is made with the same tags, forms and charts as the pages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from samverk.kit import flash, forms
from samverk.kit.charts import (
    Bar,
    BarChart,
    ColumnChart,
    Line,
    LineChart,
    Stack,
    StackedChart,
    Target,
    Targets,
)

MONTHS = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
PARTS = [
    ("words", "Words"),
    ("shapes", "Shapes"),
    ("actions", "Buttons"),
    ("status", "Status and tags"),
    ("lines", "Lines that tell"),
    ("cards", "Cards"),
    ("calendar", "Calendar by day"),
    ("facts", "Facts and pairs"),
    ("forms", "Forms"),
    ("lists", "Tabs, views, filter, pages"),
    ("table", "Table and bulk bar"),
    ("roster", "Attendance rows"),
    ("figures", "Figures and what is missing"),
    ("charts", "Charts"),
    ("thread", "Path, thread and reasons"),
    ("steps", "Next step, hours and sum"),
    ("work-part", "Long work"),
    ("empty", "Empty states"),
]


class ExampleForm(forms.Form):
    """One field of each sort that pages use."""

    name = django_forms.CharField(label="Your name", widget=django_forms.TextInput({"autocomplete": "name"}))
    email = django_forms.EmailField(label="E-mail", help_text="We send the confirmation here.")
    phone = django_forms.CharField(
        label="Phone", required=False, widget=django_forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )
    language = django_forms.ChoiceField(
        label="Language of the mail", choices=[("sv", "Svenska"), ("pl", "Polski"), ("en", "English")]
    )
    day = django_forms.DateField(label="Day", widget=django_forms.DateInput({"type": "date"}))
    how = django_forms.ChoiceField(
        label="How will you take part?",
        widget=django_forms.RadioSelect({"class": "two-up"}),
        choices=[
            ("room", forms.Hinted("In the room", "At the house of associations")),
            ("online", forms.Hinted("Online", "You get a link in the confirmation")),
        ],
    )
    themes = django_forms.MultipleChoiceField(
        label="What interests you?",
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
        choices=[("money", "Money"), ("board", "The board’s year"), ("story", "Telling your story")],
    )
    need = django_forms.CharField(
        label="What helps you to take part?",
        required=False,
        help_text="Only the leader reads this. It is erased 30 days after.",
        widget=django_forms.Textarea({"rows": 3}),
    )
    paper = django_forms.FileField(label="Signed paper", required=False, help_text="PDF or a picture.")
    remind = django_forms.BooleanField(label="Remind me the day before", required=False)
    agree = django_forms.BooleanField(label="I have read how my answers are used")


class NameForm(forms.Form):
    given_name = django_forms.CharField(
        label="Given name", initial="Łucja", widget=django_forms.TextInput({"autocomplete": "given-name"})
    )
    family_name = django_forms.CharField(
        label="Family name", required=False, widget=django_forms.TextInput({"autocomplete": "family-name"})
    )


class ExampleFilter(forms.FilterForm):
    theme = django_forms.ChoiceField(
        label="Theme", required=False, choices=[("", "All themes"), ("money", "Money")]
    )
    place = django_forms.ChoiceField(
        label="Place", required=False, choices=[("", "All places"), ("w", "Väster")]
    )


@dataclass(frozen=True)
class Work:
    """What a long-work page needs to know."""

    title: str
    step: str
    done: int
    total: int
    left: str = ""
    finished: bool = False


def _charts() -> dict[str, Any]:
    steps = [
        Bar("Needed by the grant", 1240, calm=True),
        Bar("Delivered", 702, href="#charts"),
        Bar("Attested", 598, href="#charts"),
        Bar("Counts by the rules", 562, href="#charts"),
        Bar("Forecast to the end", 702, planned=486),
    ]
    hours = [
        Bar(month, value, href="#charts")
        for month, value in zip(MONTHS, [168, 204, 96, 187, 231], strict=False)
    ]
    people = [
        Stack("Courses", [118, 64, 22], href="#charts"),
        Stack("Advice", [46, 31, 9], href="#charts"),
        Stack("Networks", [72, 40, 18], href="#charts"),
        Stack("Mentoring", [28, 22, 4], href="#charts"),
    ]
    return {
        "bars": BarChart(
            "We are on course for 96 % of the co-financing",
            "Thousand SEK. The upright line shows what the grant needs; dashed is planned.",
            steps,
            goal=1240,
            head=["Step", "Thousand SEK"],
        ),
        "stacked": StackedChart(
            "Employees take courses, boards come to networks",
            "People reached, by component and role.",
            ["Employees", "Board members", "Volunteers"],
            people,
            head="Component",
        ),
        "columns": ColumnChart(
            "February was the busiest month so far",
            "Hours delivered each month. March is not over.",
            [*hours, Bar("Mar", 60, planned=143)],
            head=["Month", "Hours"],
        ),
        "year": ColumnChart(
            "November was the busiest month, the summer was quiet",
            "Hours of participants each month of a year.",
            [
                Bar(name, value)
                for name, value in zip(
                    [*MONTHS, "Apr", "May", "Jun", "Jul", "Aug", "Sep"],
                    [245, 517, 299, 245, 270, 494, 361, 365, 41, 0, 43, 44],
                    strict=True,
                )
            ],
            head=["Month", "Hours"],
        ),
        "line": LineChart(
            "New associations are almost as many as planned",
            "Associations that have joined, in all.",
            MONTHS,
            [Line("Joined", [42, 61, 58, 77, 83, 96]), Line("Plan", [50, 60, 70, 80, 90, 100], plan=True)],
            head="Month",
        ),
        "targets": Targets(
            [
                Target("Associations with a development plan", "#charts", 58, 60),
                Target(
                    "Boards that took the basic course",
                    "#charts",
                    22,
                    48,
                    "Behind. Two courses in May.",
                    behind=True,
                ),
                Target("Associations that met their municipality", "#charts", 17, 20, "On course"),
            ]
        ),
        "spark_values": [3, 5, 4, 8, 9, 12],
    }


def _lists() -> dict[str, Any]:
    return {
        "tab_items": [
            {"text": "Accepted", "href": "#lists", "count": 143, "here": True},
            {"text": "Waiting", "href": "#lists", "count": 12, "here": False},
            {"text": "Withdrawn", "href": "#lists", "count": 9, "here": False},
        ],
        "view_items": [
            {"text": "Spring recruitment", "href": "#lists", "here": True},
            {"text": "Silent since autumn", "href": "#lists", "here": False},
        ],
        "page": Paginator(range(230), 10).page(7),
        "people": [
            ("a", "Łucja Åkesson", "Seniorernas IT-förening", "ok", "Registered", "In the room", False),
            ("b", "Amina Yusuf", "Läxhjälpen Öster", "wait", "Waiting, number 3", "Online", True),
            ("c", "Björn Öberg", "Odla Ihop", "bad", "Gave up the place", "In the room", True),
            ("d", "Gun-Britt Lindqvist", "Grannskapet Väster", "info", "New", "In the room", False),
        ],
    }


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    flash.tell(request, "Björn Öberg is marked absent.", undo="/comfort/")
    start = dt.datetime(2026, 3, 19, 18, 0, tzinfo=dt.UTC)
    context = {
        "parts": PARTS,
        "title": _("Gallery"),
        "day": start,
        "later": start + dt.timedelta(hours=2),
        "past_day": dt.date(2026, 2, 4),
        "form": ExampleForm({"email": "anna@", "language": "sv", "phone": "040-000 00 00"}),
        "name_form": NameForm(),
        "filter_form": ExampleFilter({"theme": "money"}),
        "works": [
            Work("Reading the spreadsheet", "Checking rows", 1240, 3000, "about 2 minutes left"),
            Work("The spreadsheet is read", "2,998 rows are in. Two need you.", 3000, 3000, finished=True),
        ],
        **_lists(),
        **_charts(),
    }
    return render(request, "kit/gallery.html", context)

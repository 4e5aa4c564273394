"""Forms of figures, indicators and reports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import ActivityKind
from samverk.directory.choices import Sector
from samverk.kit.forms import FilterForm, Form
from samverk.kit.measuring import BY_COMPONENT, BY_KIND, BY_SECTOR
from samverk.programmes.models import Programme
from samverk.reporting.measures import MEASURES
from samverk.reporting.models import Indicator

DAY = {"type": "date"}
ALL, WITHOUT = "", "-"


def _choices(by: str, programme: Programme) -> list[tuple[str, Any]]:
    if by == BY_COMPONENT:
        return [(component.code, component.name) for component in programme.components.all()]
    return list(ActivityKind.choices if by == BY_KIND else Sector.choices)


LABELS = {BY_KIND: _("Kind"), BY_COMPONENT: _("Component"), BY_SECTOR: _("Sector")}


class FigureFilter(FilterForm):
    """Narrows the rows of a figure: by words, days, kind, component, sector."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    starts = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY))
    ends = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(DAY))

    def __init__(self, data: Any, *, programme: Programme, dimensions: tuple[str, ...]) -> None:
        super().__init__(data)
        self.dimensions = dimensions
        for by in dimensions:
            choices = [(ALL, _("All")), *_choices(by, programme), (WITHOUT, _("Without"))]
            self.fields[by] = forms.ChoiceField(label=LABELS[by], choices=choices, required=False)

    @property
    def chosen(self) -> int:
        """The days always stand there, so they do not count as chosen."""
        asked = [name for name in ("q", *self.dimensions) if self.is_bound and self.cleaned_data.get(name)]
        return len(asked)

    @property
    def narrowing(self) -> dict[str, str]:
        """What is asked, as the measures read it: a dash asks for rows without."""
        asked = {by: self.cleaned_data.get(by, "") for by in self.dimensions}
        return {by: "" if value == WITHOUT else value for by, value in asked.items() if value}


class PeriodForm(Form):
    """Which programme, and from which day to which."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("Programme"), empty_label=None)
    starts = forms.DateField(label=_("From"), widget=forms.DateInput(DAY))
    ends = forms.DateField(label=_("To"), widget=forms.DateInput(DAY))
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Empty: the name of the report and its period."),
    )

    def __init__(self, *args: Any, programmes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]


class ReportWordsForm(Form):
    """Title and words of a report that is not frozen."""

    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    narrative = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("What the figures do not say. Stands first in the report."),
    )


class IndicatorForm(Form):
    """What the programme counts, how it is narrowed, and what was promised."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("As the funder writes it, for example ORG.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    measure = forms.ChoiceField(
        label=_("Measure"), choices=[(code, measure.name) for code, measure in MEASURES.items()]
    )
    kind = forms.ChoiceField(label=_("Only this kind of activity"), required=False)
    component = forms.ChoiceField(label=_("Only this component"), required=False)
    sector = forms.ChoiceField(label=_("Only this sector"), required=False)
    target = forms.DecimalField(
        label=_("Target"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Hours for measures of time."),
    )
    target_by = forms.DateField(
        label=_("To be reached by"),
        required=False,
        widget=forms.DateInput(DAY),
        help_text=_("Empty: the programme's last day."),
    )

    def __init__(self, *args: Any, programme: Programme, **options: Any) -> None:
        super().__init__(*args, **options)
        for by in (BY_KIND, BY_COMPONENT, BY_SECTOR):
            self.fields[by].choices = [(ALL, _("All")), *_choices(by, programme)]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """In the words of the command."""
        found = dict(self.cleaned_data)
        filters = {by: found.pop(by) for by in (BY_KIND, BY_COMPONENT, BY_SECTOR)}
        return {**found, "filters": filters}


def indicator_values(indicator: Indicator) -> dict[str, Any]:
    """An indicator as the form shows it."""
    target = indicator.targets.first()
    return {
        "code": indicator.code,
        "name": indicator.name,
        "measure": indicator.measure,
        **indicator.filters,
        "target": target.value if target else None,
        "target_by": target.by if target else None,
    }


def usual_periods(programme: Programme, today: date) -> list[tuple[Any, date, date]]:
    """Periods that are asked for most: last month, last quarter, last year, the whole programme."""
    until = min(today, programme.ends + timedelta(days=1))
    month_end = until.replace(day=1) - timedelta(days=1)
    quarter_end = until.replace(day=1, month=(until.month - 1) // 3 * 3 + 1) - timedelta(days=1)
    year_end = until.replace(day=1, month=1) - timedelta(days=1)
    found = [
        (_("Last month"), month_end.replace(day=1), month_end),
        (_("Last quarter"), quarter_end.replace(day=1, month=quarter_end.month - 2), quarter_end),
        (_("Last year"), year_end.replace(day=1, month=1), year_end),
    ]
    inside = [
        (name, max(first, programme.starts), last) for name, first, last in found if last >= programme.starts
    ]
    return [*inside, (_("The whole programme"), programme.starts, programme.ends)]

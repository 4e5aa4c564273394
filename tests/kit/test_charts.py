"""Charts: shapes agree with the numbers, and the table says the same."""

import re

import pytest
from django.template import Context, Template
from django.utils.translation import override

from samverk.kit.charts import Bar, BarChart, ColumnChart, Line, LineChart, Spark, Stack, StackedChart


def drawn(chart: object, language: str = "en") -> str:
    with override(language):
        return Template("{% chart figure %}").render(Context({"figure": chart}))


BARS = BarChart(
    "Finding", "What is counted", [Bar("One", 50, href="/rows/"), Bar("Two", 25, planned=75)], goal=100
)


def test_bars_are_as_long_as_their_numbers() -> None:
    (_one, first), (_two, second) = BARS.drawn
    assert float(first[0].width) == pytest.approx(2 * float(second[0].width), abs=0.01)
    assert float(second[1].x) == pytest.approx(float(second[0].width))
    assert float(BARS.goal_x) == pytest.approx(float(second[0].width) + float(second[1].width), abs=0.01)


def test_coordinates_are_numbers_in_a_language_with_decimal_commas() -> None:
    page = drawn(BARS, "sv")
    for value in re.findall(r'\s(?:x|width|height)="([^"]*)"', page):
        assert re.fullmatch(r"-?\d+(\.\d+)?", value), value


def test_a_figure_links_to_its_rows_in_chart_and_table() -> None:
    assert drawn(BARS).count('href="/rows/"') == 2


def test_the_table_has_every_number() -> None:
    stacked = StackedChart("t", "n", ["A", "B"], [Stack("x", [1000, 2])])
    assert [cell for row in stacked.table.rows for cell in row[2]] == ["1,000", "2", "1,002"]
    line = LineChart("t", "n", ["Jan", "Feb"], [Line("Done", [4, None]), Line("Plan", [5, 9], plan=True)])
    assert [row[2] for row in line.table.rows] == [["4", "5"], ["–", "9"]]


def test_a_column_stands_on_what_is_done_and_dashes_what_is_to_come() -> None:
    (_bar, _height, parts), (_other, _low, done) = ColumnChart(
        "t", "n", [Bar("a", 30, planned=10), Bar("b", 5)]
    ).drawn
    assert [(part.y, part.height, part.css) for part in parts] == [
        ("0", "2.50", "fp"),
        ("2.50", "7.50", "f1"),
    ]
    assert [part.css for part in done] == ["f1"]


def test_more_than_four_series_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        StackedChart("t", "n", list("ABCDE"), [])


@pytest.mark.parametrize(
    "chart",
    [
        BarChart("t", "n", []),
        BarChart("t", "n", [Bar("a", 0)]),
        ColumnChart("t", "n", []),
        ColumnChart("t", "n", [Bar("a", 0)]),
        StackedChart("t", "n", ["A"], [Stack("x", [0])]),
        LineChart("t", "n", [], []),
        LineChart("t", "n", ["a"], [Line("x", [0])]),
    ],
)
def test_nothing_and_zero_are_drawn_without_a_fault(chart: object) -> None:
    assert "<figcaption>" in drawn(chart)


def test_a_plan_is_dashed_and_what_happened_has_points() -> None:
    page = drawn(LineChart("t", "n", ["a", "b"], [Line("Done", [1, 2]), Line("Plan", [1, 3], plan=True)]))
    assert page.count('class="l2"') == 2
    assert page.count('class="p1"') == 2


def test_the_scale_ends_on_a_round_number_above_the_largest() -> None:
    assert LineChart("t", "n", ["a"], [Line("x", [183])]).most == 200
    assert LineChart("t", "n", ["a"], [Line("x", [7])]).most == 10


def test_a_small_line_says_in_words_what_it_shows() -> None:
    page = Template('{% spark values "Rising to 12" %}').render(Context({"values": [3, 12]}))
    assert "Rising to 12" in page
    assert Spark([3, 12], "").path == "M2.00 22.00 L98.00 4.00"


def test_more_than_all_is_a_full_bar_and_nothing_of_nothing_is_an_empty_one() -> None:
    page = Template('{% progress 77 67 "77 of 67" %}{% progress 0 0 "0 of 0" %}').render(Context())
    assert '<progress value="67" max="67"' in page
    assert '<progress value="0" max="1"' in page


def test_labels_are_text() -> None:
    assert "<b>" not in drawn(BarChart("<b>", "n", [Bar("<b>", 1)]))

"""CPU and queries of the pages people open most, made anew and kept, with 1 and with 200 activities."""

from __future__ import annotations

from benchmarks.installation import Browser, Measure, empty_installation, measured, said

FAST = "at most 8 queries, 8 ms"


def main() -> int:
    with empty_installation():
        from django.conf import settings

        from tests.cast import make_activity, make_cast

        cast = make_cast()
        pages = _pages(cast)
        settings.KEPT_PAGE_SECONDS = 0
        few = [measured(lambda b=browser, a=address: b.get(a)) for _n, browser, address, _b in pages]
        for number in range(199):
            make_activity(cast.programme, title=f"Course number {number}", days=1 + number % 60)
        grown = []
        for (name, browser, address, allowed), before in zip(pages, few, strict=True):
            after = measured(lambda b=browser, a=address: b.get(a))
            said(name, after, f"{allowed}; with 1 activity {_short(before)}")
            if after.queries > before.queries + 2:
                grown.append(name)
        settings.KEPT_PAGE_SECONDS = 20
        for name, browser, address, allowed in pages[:2]:
            said(f"{name}, from the kept copy", measured(lambda b=browser, a=address: b.get(a)), allowed)
        for name in grown:
            print(f"GROWS WITH ROWS: {name}")
        return 1 if grown else 0


def _short(measure: Measure) -> str:
    return f"{measure.median:.1f} ms, {measure.queries} queries"


def _pages(cast) -> list[tuple[str, Browser, str, str]]:
    from django.urls import reverse
    from django.utils.translation import override

    visitor, office = Browser(), Browser(cast.coordinator)
    with override("en"):
        return [
            ("calendar made anew", visitor, reverse("public:calendar"), FAST),
            (
                "activity page made anew",
                visitor,
                reverse("public:activity", kwargs={"code": cast.activity.code}),
                FAST,
            ),
            ("office: list of 200 activities", office, reverse("office:activities"), "at most 10 ms"),
            ("office: organisations", office, reverse("office:organisations"), "does not grow"),
            ("office: people", office, reverse("office:people"), "does not grow"),
            ("office: today", office, reverse("office:today"), "does not grow"),
            (
                "office: dashboard",
                office,
                reverse("office:dashboard", kwargs={"code": "TST"}),
                "does not grow",
            ),
        ]

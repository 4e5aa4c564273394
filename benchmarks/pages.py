"""CPU and queries of the pages people open most, with 3 and with 200 rows."""

from __future__ import annotations

from benchmarks.installation import empty_installation, measured, said


def main() -> int:
    with empty_installation():
        from django.test import Client
        from django.urls import reverse
        from django.utils.translation import override

        from tests.cast import make_activity, make_cast, signed_in_client

        cast = make_cast()
        visitor, office = Client(), signed_in_client(cast.coordinator)
        with override("en"):
            calendar = reverse("public:calendar")
            page = reverse("public:activity", kwargs={"code": cast.activity.code})
            pages = [
                ("calendar", visitor, calendar, "at most 8 queries, 8 ms"),
                ("calendar, asked anew each time", visitor, calendar + "?q=first", "at most 8 queries, 8 ms"),
                ("activity page", visitor, page, "at most 8 queries, 8 ms"),
                ("office: list of activities", office, reverse("office:activities"), "at most 10 ms"),
                ("office: organisations", office, reverse("office:organisations"), "does not grow"),
                ("office: people", office, reverse("office:people"), "does not grow"),
                (
                    "office: dashboard",
                    office,
                    reverse("office:dashboard", kwargs={"code": "TST"}),
                    "does not grow",
                ),
            ]
        few = [measured(lambda c=client, a=address: c.get(a)) for _n, client, address, _b in pages]
        for number in range(197):
            make_activity(cast.programme, title=f"Course number {number}", days=1 + number % 60)
        grown = []
        for (name, client, address, allowed), before in zip(pages, few, strict=True):
            after = measured(lambda c=client, a=address: c.get(a))
            said(
                f"{name}, 200 activities",
                after,
                f"{allowed}; {before.queries} queries and {before.milliseconds:.1f} ms with 1",
            )
            if after.queries > before.queries + 2:
                grown.append(name)
        for name in grown:
            print(f"GROWS WITH ROWS: {name}")
        return 1 if grown else 0

"""Search of 400,000 organisations: median and 95th percentile of the first page, in wall milliseconds."""

from __future__ import annotations

import argparse
import random
import statistics
import time

from benchmarks.installation import empty_installation

FIRST = ["Stowarzyszenie", "Fundacja", "Klub", "Föreningen", "Sällskapet", "Kören", "Towarzystwo", "Gruppen"]
SECOND = ["Mikołów", "Łódź", "Białystok", "Malmö", "Växjö", "Ängelholm", "Radom", "Świdnik", "Lund", "Ystad"]
THIRD = [
    "młodych",
    "seniorów",
    "vänner",
    "sport",
    "kultura",
    "cykel",
    "teater",
    "muzyka",
    "trädgård",
    "przyroda",
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench search")
    parser.add_argument("--organisations", type=int, default=400_000)
    asked = parser.parse_args()
    with empty_installation():
        from samverk.directory.models import Organisation
        from samverk.directory.queries import organisations_like

        chance = random.Random(7)  # noqa: S311
        for start in range(0, asked.organisations, 5000):
            rows = []
            for number in range(start, min(start + 5000, asked.organisations)):
                name = f"{chance.choice(FIRST)} {chance.choice(THIRD)} {chance.choice(SECOND)} {number}"
                row = Organisation(name=name, place=chance.choice(SECOND), country="PL")
                row.write_keys()
                row.code, row.code_is_free = f"Q{number:06d}", True
                rows.append(row)
            Organisation.objects.bulk_create(rows)
        took: list[float] = []
        for _turn in range(60):
            words = f"{chance.choice(THIRD)[:4]} {chance.choice(SECOND)} {chance.randrange(1000)}"
            for text in (words, chance.choice(SECOND), f"{chance.choice(FIRST)[:3]} {chance.choice(SECOND)}"):
                started = time.perf_counter()
                list(organisations_like(Organisation.objects.public(), text=text)[:30])
                took.append((time.perf_counter() - started) * 1000)
        worst = statistics.quantiles(took, n=20)[-1]
        print(
            f"search of {asked.organisations:,} organisations: median {statistics.median(took):.1f} ms, 95th {worst:.1f} ms (at most 50)"
        )
    return 0

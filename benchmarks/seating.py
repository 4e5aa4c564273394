"""Tables, rounds and matching: quality against time for each kernel, and a random baseline of 100 splits.

    bin/bench seating [--seconds 0.1,1] [--reference 20] [--seeds 3] [--only tables,rounds,matching] [--kernel numpy]

Quality is q = 100 (value - random) / (best known - random); the best known is the best of this run, the long run of
`--reference` seconds among them. Seconds are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np

from benchmarks.seating_cases import (
    CONSTRAINED,
    EVENTS,
    GOLFERS,
    RANDOM_SIZES,
    ROUNDS,
    event,
    golfers,
    meetings,
    mentors,
    random_distances,
    random_mean,
)
from samverk.seating import Rules, Wish, anneal, seat
from samverk.seating.matching.answer import finished
from samverk.seating.matching.edges import edges_from_dense
from samverk.seating.people import distance


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", default="0.1,1")
    ask.add_argument("--reference", type=float, default=20)
    ask.add_argument("--seeds", type=int, default=3)
    ask.add_argument("--only", default="tables,constrained,rounds,matching")
    ask.add_argument("--kernel", default="")
    chosen = ask.parse_args()
    seconds = [float(one) for one in chosen.seconds.split(",")]
    kernels = [chosen.kernel] if chosen.kernel else ["numpy", *(["numba"] if find_spec("numba") else [])]
    for part in chosen.only.split(","):
        for line in PARTS[part](seconds, kernels, chosen.seeds, chosen.reference):
            print(line, flush=True)
    return 0


def tables(seconds: list[float], kernels: list[str], seeds: int, reference: float) -> Iterator[str]:
    """Events without rules, and random distances with tables of different sizes."""
    cases = [(f"event {n}/{g}", n, g, None, None) for n, g in EVENTS]
    cases += [(f"random {n}, {lo}-{hi}", n, g, lo, hi) for n, g, lo, hi in RANDOM_SIZES]
    for name, n, g, lo, hi in cases:
        found: dict[tuple[str, float, int], tuple[float, float]] = {}
        for seed in range(1, seeds + 1):
            people, mix = event(n, seed)
            d = distance(people, mix) if lo is None else random_distances(n, seed)
            chance = random_mean(d, g, seed)
            runs = [(kernel, effort) for kernel in kernels for effort in seconds]
            for kernel, effort in [*runs, (kernels[-1], reference)]:
                started = time.process_time()
                value = anneal(d, groups=g, lo=lo, hi=hi, effort=effort, kernel=kernel, seed=seed).value
                found[kernel, effort, seed] = (value - chance, time.process_time() - started)
            best = max(value for (_k, _e, of), (value, _t) in found.items() if of == seed)
            for key in [key for key in found if key[2] == seed]:
                found[key] = (100 * found[key][0] / best, found[key][1])
        for kernel, effort in dict.fromkeys((kernel, effort) for kernel, effort, _seed in found):
            of = [found[kernel, effort, seed] for seed in range(1, seeds + 1)]
            yield f"{name:<22} {kernel:<6} {effort:>5} s  q {np.mean([q for q, _t in of]):7.3f}  in {np.mean([t for _q, t in of]):6.2f} s"


def constrained(seconds: list[float], kernels: list[str], seeds: int, reference: float) -> Iterator[str]:
    """Events with organisations apart, couples together and languages."""
    for n, g in CONSTRAINED:
        for kernel in kernels:
            qs, times, broken = [], [], 0
            for seed in range(1, seeds + 1):
                people, mix = event(n, seed)
                rules = Rules(
                    g, apart=("organisation",), keep_together=(("p0001", "p0002"),), languages="speaks"
                )
                best = seat(people, Wish(rules, mix, effort=reference / 2, kernel=kernels[-1], seed=seed))
                started = time.process_time()
                found = seat(people, Wish(rules, mix, effort=2.0, kernel=kernel, seed=seed))
                times.append(time.process_time() - started)
                top = max(best.value, found.value)
                qs.append(100 * (found.value - found.random_mean) / (top - found.random_mean))
                broken += violations(found)
            yield f"rules {n}/{g:<15} {kernel:<6}     2 s  q {np.mean(qs):7.3f}  in {np.mean(times):6.2f} s, {broken} broken"


def violations(found) -> int:  # noqa: ANN001
    """Counted from the seats, not from what the engine says of itself."""
    tables, spoken, count = found.wish.rules.tables, found.people.attributes["speaks"], 0
    seats = found.seats[0]
    for members in found.people.attributes["organisation"].groups().values():
        count += int(
            np.maximum(np.bincount(seats[members], minlength=tables) - -(-len(members) // tables), 0).sum()
        )
    for table in range(tables):
        shared = None
        for person in np.flatnonzero(seats == table):
            words = spoken.set_of(int(person))
            shared = words if shared is None else shared & words
        count += not shared
    index = found.people.index()
    return count + int(seats[index["p0001"]] != seats[index["p0002"]])


def rounds(seconds: list[float], kernels: list[str], seeds: int, reference: float) -> Iterator[str]:
    """Golfers, and events with sectors and history."""
    for tables, seats, count in GOLFERS:
        for kernel in kernels:
            found = seat(
                golfers(tables * seats), Wish(Rules(tables, count), {}, kernel=kernel, effort="normal")
            )
            yield f"{tables}-{seats}-{count:<17} {kernel:<6} repeats {found.counts()['repeats']}  in {found.seconds:6.2f} s"
    for tables, seats, count, earlier in ROUNDS:
        for kernel in kernels:
            values, repeats, times = [], [], []
            for seed in range(1, seeds + 1):
                people, _mix = event(tables * seats, seed)
                rules = Rules(tables, count, met=meetings(people, tables, earlier, seed))
                started = time.process_time()
                found = seat(people, Wish(rules, {"sector": 1}, kernel=kernel, effort=1.0, seed=seed))
                times.append(time.process_time() - started)
                long = seat(
                    people, Wish(rules, {"sector": 1}, kernel=kernel, effort=reference / 4, seed=seed)
                )
                values.append(100 * found.value / max(long.value, found.value))
                repeats.append(found.counts()["repeats"])
            yield (
                f"{tables}x{seats}x{count}, {earlier} earlier    {kernel:<6} {np.mean(values):7.2f} % of the long run, "
                f"repeats {repeats}  in {np.mean(times):6.2f} s"
            )


def matching(seconds: list[float], kernels: list[str], seeds: int, reference: float) -> Iterator[str]:
    """A thousand mentors, five thousand organisations."""
    for seed in range(1, seeds + 1):
        scores, places = mentors(1000, 5000, seed)
        ids = tuple(f"m{at:04d}" for at in range(1000)), tuple(f"o{at:04d}" for at in range(5000))
        started = time.process_time()
        found = finished(*ids, places, edges_from_dense(scores, 1000), None, "best")
        took = time.process_time() - started
        yield (
            f"1000 x 5000, seed {seed}    {found.solver}: {100 * found.score / found.bound:.4f} % of the bound "
            f"({found.score} of {found.bound})  in {took:6.2f} s"
        )


PARTS = {"tables": tables, "constrained": constrained, "rounds": rounds, "matching": matching}

"""Seeded instances for the measurement of seating: events, golfers, history, mentors. Everybody is invented."""

from __future__ import annotations

import numpy as np

from samverk.seating import People, people_from

EVENTS = [(120, 12), (240, 12), (240, 24), (480, 60)]
RANDOM_SIZES = [(120, 10, 8, 16), (240, 12, 15, 25)]
CONSTRAINED = [(120, 12), (240, 24)]
GOLFERS = [(8, 4, 5), (8, 4, 9), (8, 4, 10), (10, 6, 4)]
ROUNDS = [(10, 6, 4, 0), (10, 6, 4, 1), (20, 6, 5, 2)]


def event(count: int, seed: int) -> tuple[People, dict[str, int]]:
    """People of three sectors and many organisations, with roles, places, years of experience and themes."""
    drawn = np.random.default_rng(1000 + seed)
    themes = np.array(["culture", "sport", "care", "climate", "youth", "rights", "work", "arts"])
    rows = [
        {
            "id": f"p{at:04d}",
            "sector": ["ngo", "public", "business"][drawn.choice(3, p=[0.55, 0.3, 0.15])],
            "organisation": f"o{drawn.integers(max(count // 4, 2))}",
            "role": f"r{drawn.integers(6)}",
            "place": f"t{drawn.integers(12)}",
            "experience": str(drawn.integers(40)),
            "themes": "|".join(themes[drawn.random(8) < 0.3]),
            "speaks": "sv" if drawn.random() < 0.6 else "en|sv" if drawn.random() < 0.7 else "en",
        }
        for at in range(count)
    ]
    columns = ["sector", "organisation", "role", "place", "experience", "themes", "speaks"]
    people = people_from(rows, columns=columns, kinds={"themes": "multiple", "speaks": "multiple"})
    return people, {"sector": 2, "organisation": 1, "role": 1, "place": 1, "experience": 1, "themes": 1}


def random_distances(count: int, seed: int) -> np.ndarray:
    """Whole numbers from 1 to 100 between every two, nothing else."""
    drawn = np.triu(np.random.default_rng(2000 + seed).integers(1, 101, (count, count)), 1)
    return drawn + drawn.T


def random_mean(d: np.ndarray, groups: int, seed: int, splits: int = 100) -> float:
    """What an even split by chance is worth in the mean."""
    drawn = np.random.default_rng(3000 + seed)
    found = []
    for _split in range(splits):
        seats = drawn.permutation(len(d)) % groups
        found.append(d[seats[:, None] == seats[None, :]].sum() / 2)
    return float(np.mean(found))


def golfers(count: int) -> People:
    return people_from([{"id": f"p{at:04d}"} for at in range(count)])


def meetings(people: People, tables: int, events: int, seed: int) -> dict[tuple[str, str], int]:
    """Who sat with whom at so many earlier events, the last one counting most."""
    drawn = np.random.default_rng(4000 + seed)
    met: dict[tuple[str, str], int] = {}
    for weight in range(1, events + 1):
        seats = drawn.permutation(len(people)) % tables
        for one in range(len(people)):
            for other in np.flatnonzero(seats[one + 1 :] == seats[one]) + one + 1:
                pair = (people.ids[one], people.ids[other])
                met[pair] = met.get(pair, 0) + weight
    return met


def mentors(count: int, organisations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores organisations x mentors, -1 where a filter says no, and the places of each mentor."""
    drawn = np.random.default_rng(5000 + seed)
    levels, urgency = np.zeros((count, 12)), np.zeros((organisations, 12))
    for rows, topics in ((levels, 3), (urgency, 2)):
        for row in rows:
            row[drawn.choice(12, topics, replace=False)] = drawn.integers(1, 4, topics)
    score = 500 * (urgency @ levels.T) / (3 * urgency.sum(axis=1))[:, None]
    speaks, heard = drawn.random((count, 5)) < 0.35, drawn.random((organisations, 5)) < 0.5
    understood = heard.astype(int) @ speaks.astype(int).T > 0
    home, place = drawn.integers(0, 8, count), drawn.integers(0, 8, organisations)
    score += 150 * (place[:, None] == home[None, :]) + 0.9 * drawn.integers(0, 351, (organisations, count))
    whole = np.rint(score).astype(np.int64)
    whole[~understood | (urgency @ levels.T == 0)] = -1
    return whole, drawn.integers(2, 8, count).astype(np.int64)

"""Reads: who answered what, and which time fits best."""

from __future__ import annotations

from dataclasses import dataclass, field

from samverk.polls.choices import WEIGHT, Answer
from samverk.polls.models import Poll, ProposedTime, TimeAnswer, Voice


@dataclass(frozen=True)
class TimeSum:
    """One time with how many say what; the rank begins at 1, equal times share one."""

    time: ProposedTime
    yes: int
    maybe: int
    no: int
    rank: int

    @property
    def can(self) -> int:
        return self.yes + self.maybe


@dataclass(frozen=True)
class Matrix:
    """Everybody's answers: one row for each voice, in the order of the times."""

    times: list[TimeSum] = field(default_factory=list)
    rows: list[tuple[Voice, list[str]]] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return sum(1 for voice, _answers in self.rows if voice.answered_at)

    @property
    def best(self) -> list[TimeSum]:
        """The times that most can come to; nothing before somebody can."""
        return [one for one in self.times if one.rank == 1 and one.can]


def matrix_of(poll: Poll) -> Matrix:
    """All of a poll in three queries."""
    times = list(poll.times.all())
    for time in times:
        time.poll = poll
    given = {
        (voice, time): answer
        for voice, time, answer in TimeAnswer.objects.filter(time__poll=poll).values_list(
            "voice_id", "time_id", "answer"
        )
    }
    voices = list(poll.voices.select_related("person"))
    rows = [(voice, [given.get((voice.pk, time.pk), "") for time in times]) for voice in voices]
    return Matrix(_ranked(times, rows), rows)


def _ranked(times: list[ProposedTime], rows: list[tuple[Voice, list[str]]]) -> list[TimeSum]:
    """Most who can come first, then most who come gladly."""
    said = [[answers[number] for _voice, answers in rows] for number in range(len(times))]
    worth = [
        (sum(1 for one in column if one in (Answer.YES, Answer.IF_NEED_BE)),
         sum(WEIGHT[Answer(one)] for one in column if one))
        for column in said
    ]  # fmt: skip
    order = sorted(set(worth), reverse=True)
    return [
        TimeSum(
            time, column.count(Answer.YES), column.count(Answer.IF_NEED_BE), column.count(Answer.NO),
            order.index(value) + 1,
        )
        for time, column, value in zip(times, said, worth, strict=True)
    ]  # fmt: skip

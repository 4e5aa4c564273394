"""The answers of an activity as the office reads them: counts of each question, a table, narrowed by one answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from samverk.activities.choices import RegistrationState
from samverk.activities.models import Activity, Registration
from samverk.asking.queries import answers_of, given_in, organisation_answers, organisation_key
from samverk.asking.rules import Item
from samverk.people.rules import alias_of
from samverk.questions.answers import words_of
from samverk.questions.choices import COUNTED, QuestionKind
from samverk.questions.models import Question
from samverk.questions.wording import label_of, option_label, page_language, step_label


@dataclass(frozen=True)
class Choice:
    """One possible answer and how many gave it; ``value`` is what an address says for it."""

    value: str
    label: str
    number: int


@dataclass(frozen=True)
class Counted:
    """One question: how many answered, and how many chose what, where it can be counted."""

    key: str
    label: str
    number: int
    choices: list[Choice]


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    # The key of a file that can be opened, else empty.
    file: str = ""


@dataclass(frozen=True)
class Row:
    registration: Registration
    name: str
    organisation: str
    state: str
    cells: list[Cell]


class Answers:
    """Everything of an activity that ``items`` let the reader see; one query."""

    def __init__(self, activity: Activity, items: list[Item]) -> None:
        self.items = items
        self.language = page_language()
        self.registrations = list(given_in(activity))
        self._of_organisation = organisation_answers(self.registrations, items)

    def answer(self, registration: Registration, item: Item) -> Any:
        """One's own answer, or the one that was given for her organisation."""
        key = item.question.key
        if item.is_of_organisation:
            return self._of_organisation.get(organisation_key(registration), {}).get(key)
        return answers_of(registration).get(key)

    @property
    def going(self) -> list[Registration]:
        """Those who have a place."""
        return [one for one in self.registrations if one.state == RegistrationState.CONFIRMED]

    def counted(self, registrations: list[Registration]) -> list[Counted]:
        """Each question, among these; of an organisation each answer counts once."""
        return [count_of(one.question, self._values(one, registrations), self.language) for one in self.items]

    def _values(self, item: Item, registrations: list[Registration]) -> list[Any]:
        if item.is_of_organisation:
            each = {organisation_key(one): self.answer(one, item) for one in registrations}
            return [value for value in each.values() if value is not None]
        answers = (self.answer(one, item) for one in registrations)
        return [value for value in answers if value is not None]

    def narrowed(self, key: str, value: str) -> list[Registration]:
        """Registrations whose answer to a question is this one; everybody where the question is not there."""
        item = next((one for one in self.items if one.question.key == key), None)
        if item is None:
            return self.registrations
        return [one for one in self.registrations if value in _said(self.answer(one, item))]

    def row(self, registration: Registration) -> Row:
        """Of somebody with protected identity only what was chosen from a list stands here."""
        person = registration.person
        hidden = person is not None and person.is_protected
        organisation = str(registration.organisation or registration.organisation_typed)
        name = alias_of(person.code) if person and hidden else registration.name
        cells = [self._cell(registration, one, hidden) for one in self.items]
        return Row(
            registration, name, "" if hidden else organisation, registration.get_state_display(), cells
        )

    def _cell(self, registration: Registration, item: Item, hidden: bool) -> Cell:
        value, label = self.answer(registration, item), label_of(item.question, self.language)
        if hidden and item.question.kind not in COUNTED:
            return Cell(label, _("hidden") if value is not None else "")
        text = words_of(item.question, value, self.language)
        own = item.question.kind == QuestionKind.FILE and item.question.key in answers_of(registration)
        return Cell(label, str(text), item.question.key if own else "")

    def header(self) -> list[str]:
        return [
            _("Code"),
            _("Name"),
            _("Organisation"),
            _("State"),
            *(str(label_of(one.question, self.language)) for one in self.items),
        ]

    def lines(self, registrations: list[Registration]) -> Iterator[list[Any]]:
        for one in registrations:
            row = self.row(one)
            yield [one.code, row.name, row.organisation, row.state, *(cell.text for cell in row.cells)]


def count_of(question: Question, values: list[Any], language: str) -> Counted:
    """How many chose what."""
    said = Counter(one for value in values for one in _said(value))
    choices = [
        Choice(value, label, said[value]) for value, label in possible(question, language)
    ] if question.kind in COUNTED else []  # fmt: skip
    return Counted(question.key, label_of(question, language), len(values), choices)


def possible(question: Question, language: str) -> list[tuple[str, str]]:
    """Every possible answer of a counted question, as an address says it and in words."""
    match question.kind:
        case QuestionKind.SCALE:
            return [(str(step), step_label(question, step, language)) for step in question.steps]
        case QuestionKind.YES_NO:
            return [("yes", _("Yes")), ("no", _("No"))]
    return [(key, option_label(question, key, language)) for key in question.option_keys]


def _said(value: Any) -> list[str]:
    if value is None or isinstance(value, dict):
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]

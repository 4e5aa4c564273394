"""The questions of an activity inside somebody's form: which are shown, which must be answered, what was answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from samverk.activities.choices import ComesAs
from samverk.asking.models import Sealed
from samverk.asking.rules import Item
from samverk.kit import words
from samverk.questions.answers import Shown
from samverk.questions.choices import QuestionKind
from samverk.questions.forms import field_of, initial_of
from samverk.questions.rules import field_name
from samverk.questions.wording import page_language

AGAIN = "use_again"


class Questionnaire:
    """Fields named ``q_<key>`` for a form of one's own.

    ``role`` is what one comes as; None where the form itself asks it, then questions of other roles are asked too and
    say whom they are for. ``answered`` are keys that an organisation has answered: they are not asked again.
    ``is_forced`` is False for staff on the phone. ``last`` are answers of last time, as they are kept.
    """

    def __init__(
        self, items: Iterable[Item], *, role: str | None = ComesAs.PARTICIPANT, is_forced: bool = True,
        answered: Collection[str] = (), last: Mapping[str, Any] | None = None, sealed: Sealed | None = None,
        says_last: bool = True,
    ) -> None:  # fmt: skip
        self.role, self.is_forced = role, is_forced
        self.items = [
            one for one in items if (role is None or one.is_for(role)) and one.question.key not in answered
        ]
        self.last, self.says_last = last or {}, says_last
        # What her organisation has answered, in words.
        self.answered: list[Shown] = []
        protected = [one for one in self.items if one.question.is_sensitive]
        self.sealed = sealed if protected else None

    def fields(self) -> dict[str, forms.Field]:
        language = page_language()
        made = {}
        for one in self.items:
            field = field_of(one.question, language)
            field.required = field.required and self._is_plain_duty(one)
            if more := self._hint(one):
                field.help_text = f"{field.help_text} {more}".strip()
            if one.question.key in self.last:
                field.initial = initial_of(one.question, self.last[one.question.key])
            made[field_name(one.question)] = field
        if self.sealed is not None:
            made[AGAIN] = forms.BooleanField(
                label=_("Use what I wrote last time, on %(day)s")
                % {"day": words.day(self.sealed.given_at, year=True)},
                required=False,
                help_text=_("What you write above goes before."),
            )
        return made

    def _is_plain_duty(self, one: Item) -> bool:
        """Whether the browser and the field may insist; else the rest of the form decides."""
        if one.is_of_organisation or (one.question.is_sensitive and self.sealed is not None):
            return False
        return self.is_forced and (self.role is not None or not one.asked.comes_as)

    def _hint(self, one: Item) -> str:
        said = []
        if one.is_of_organisation:
            said.append(_("Once for your organisation: leave it empty if somebody else has answered."))
        if self.role is None and one.asked.comes_as:
            names = ", ".join(str(ComesAs(role).label) for role in one.asked.comes_as)
            said.append(_("Only for: %(roles)s.") % {"roles": names})
        if self.says_last and one.question.key in self.last:
            said.append(_("You answered this last time. Change it if it is different now."))
        return " ".join(said)

    def missing(self, cleaned: Mapping[str, Any], *, must_answer: Collection[str] = ()) -> dict[str, str]:
        """{field: error} of what this role must answer, and of ``must_answer``: keys nobody of the organisation answered."""
        role = cleaned.get("comes_as") or self.role or ComesAs.PARTICIPANT
        found = {}
        for one in self.items:
            name = field_name(one.question)
            is_due = one.question.key in must_answer or (not one.is_of_organisation and one.is_for(role))
            if not (self.is_forced and one.question.is_required and is_due) or name not in cleaned:
                continue
            if cleaned[name] in (None, "", []) and not (one.question.is_sensitive and cleaned.get(AGAIN)):
                field = field_of(one.question, page_language())
                found[name] = str(field.error_messages["required"])
        return found

    def answers(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """{key: value} of what was answered."""
        found = {one.question.key: cleaned.get(field_name(one.question)) for one in self.items}
        return {key: value for key, value in found.items() if value not in (None, "", [])}

    @property
    def open_names(self) -> list[str]:
        return [field_name(one.question) for one in self.items if not one.question.is_sensitive]

    @property
    def protected_names(self) -> list[str]:
        names = [field_name(one.question) for one in self.items if one.question.is_sensitive]
        return [*names, AGAIN] if self.sealed is not None else names

    @property
    def has_files(self) -> bool:
        return any(one.question.kind == QuestionKind.FILE for one in self.items)

"""What is asked, until when answers may be changed, and when protected ones are erased. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from samverk.activities.choices import LIVE
from samverk.activities.models import Activity, Registration
from samverk.activities.rules import closes_at
from samverk.asking.choices import KEPT
from samverk.asking.models import Asked
from samverk.kit.acting import Refusal
from samverk.questions.choices import AskedPer, QuestionKind, SetKind
from samverk.questions.models import Question, QuestionSet


@dataclass(frozen=True)
class Item:
    """A question of an activity, and by which asking it stands there."""

    question: Question
    asked: Asked

    @property
    def is_of_organisation(self) -> bool:
        return self.question.asked_per == AskedPer.ORGANISATION and not self.question.is_sensitive

    def is_for(self, comes_as: str) -> bool:
        return not self.asked.comes_as or comes_as in self.asked.comes_as


def asking_refusal(
    activity: Activity, question_set: QuestionSet, questions: list[Question]
) -> Refusal | None:
    """Why a set cannot be asked here, or None."""
    if question_set.kind != SetKind.REGISTRATION:
        return Refusal(_("Choose a set for registration."), code="kind", field="questions")
    if question_set.programme_id not in (None, activity.programme_id):
        return Refusal(_("This set belongs to another programme."), code="foreign", field="questions")
    if any(one.is_sensitive and one.kind == QuestionKind.FILE for one in questions):
        return Refusal(
            _("A protected answer cannot be a file. Change the set."), code="file", field="questions"
        )
    return None


def changing_refusal(registration: Registration, now: datetime) -> Refusal | None:
    """Why a person cannot change her answers herself, or None."""
    if registration.state not in LIVE:
        return Refusal(_("This place is given up already."), code="not_live")
    closes = closes_at(registration.activity)
    if closes and closes <= now:
        return Refusal(
            _("Registration is closed. Ring the organiser if something has changed."), code="closed"
        )
    return None


def erased_on(activity: Activity) -> datetime | None:
    """When protected answers of an activity are erased; None while it has no day."""
    return activity.ends_at + KEPT if activity.ends_at else None

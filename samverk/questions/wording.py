"""A question in the reader's language, and visibly in another one where it was not translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from samverk.kit.choices import Language
from samverk.questions.models import Question

NAMES: dict[str, Any] = {
    "sv": gettext_lazy("Swedish"),
    "pl": gettext_lazy("Polish"),
    "en": gettext_lazy("English"),
    "de": gettext_lazy("German"),
    "nb": gettext_lazy("Norwegian"),
}


class Marked(str):
    """A text in another language than the page's: plain as text, with its language named in HTML."""

    language: str

    def __new__(cls, text: str, language: str = "") -> Marked:
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __html__(self) -> str:
        return format_html('<span lang="{}">{}</span>', self.language, str(self))


@dataclass(frozen=True)
class Said:
    """A text and the language it was found in."""

    text: str
    language: str

    def on_page(self, page_language: str) -> str:
        """The text for a page in a language; marked where it is another one."""
        return self.text if self.language in ("", page_language) else Marked(self.text, self.language)


def said(texts: Mapping[str, str], language: str, first: str = "") -> Said:
    """The text in this language, else in the set's own, else in English, else in any; empty where there is none."""
    for one in (language, first, Language.ENGLISH.value, *texts):
        if texts.get(one):
            return Said(texts[one], one)
    return Said("", "")


def text_of(question: Question, language: str) -> Said:
    return said(question.texts, language, question.question_set.language)


def label_of(question: Question, language: str) -> str:
    return text_of(question, language).on_page(language)


def option_label(question: Question, key: str, language: str) -> str:
    """The words of one option; its key where it is no longer there."""
    for option in question.options:
        if option["key"] == key:
            return said(option["texts"], language, question.question_set.language).on_page(language)
    return key


def ends_of(question: Question, language: str) -> tuple[str, str]:
    """The words of the lowest and the highest step of a scale, empty where nothing is said."""
    first = question.question_set.language
    words = [said(option["texts"], language, first).on_page(language) for option in question.options[:2]]
    return (words[0] if words else "", words[1] if len(words) > 1 else "")


def step_label(question: Question, step: int, language: str) -> str:
    """A step of a scale with its words at both ends: “1, not at all”."""
    low, high = ends_of(question, language)
    words = {question.steps.start: low, question.steps.stop - 1: high}.get(step, "")
    return _("%(step)s, %(words)s") % {"step": step, "words": words} if words else str(step)


def hint_of(question: Question, language: str) -> str:
    """The hint, and where the question itself stands in another language, which."""
    hint = said(question.hints, language, question.question_set.language)
    spoken = text_of(question, language).language
    lines = [hint.text] if hint.text else []
    if spoken and spoken != language:
        name = NAMES.get(spoken, spoken)
        lines.append(_("This question is written in: %(language)s.") % {"language": name})
    return " ".join(lines)


def page_language() -> str:
    """The language of the page as a key of our texts."""
    return (get_language() or Language.ENGLISH.value).split("-")[0]

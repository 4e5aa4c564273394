"""Writing sets: made empty, from a shipped one, or as a copy; archived; noted as answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.kit.acting import Actor, Refusal
from samverk.programmes.models import Programme
from samverk.questions.models import Question, QuestionSet
from samverk.questions.shipped import shipped_sets
from samverk.trail.commands import log

UNDO_ARCHIVING = "question_set.archive"
# What a copy of a question takes along; the key too, so that answers of several versions can be put together.
COPIED = (
    "key", "position", "kind", "is_required", "asked_per", "is_sensitive", "seen_by", "texts", "hints", "options",
    "least", "most",
)  # fmt: skip


def create_set(
    name: str,
    *,
    kind: str,
    language: str,
    by: Actor,
    programme: Programme | None = None,
    is_shared: bool = True,
) -> QuestionSet:
    """An empty set of a programme or of the centre. A shared set's name stands once among its kind."""
    made = QuestionSet(
        name=_named(name), kind=kind, language=language, programme=programme, is_shared=is_shared,
        created_by=by.person,
    )  # fmt: skip
    with transaction.atomic():
        return _saved_new(made, "create", by)


def take_shipped(
    key: str, *, language: str, by: Actor, programme: Programme | None = None, name: str = "",
    is_shared: bool = True,
) -> QuestionSet:  # fmt: skip
    """A shipped set as one's own, with all its languages; ``language`` is the one that stands in first."""
    shipped = shipped_sets().get(key)
    if shipped is None:
        raise Refusal(_("There is no such set. Choose one of the list."), code="unknown", field="start")
    made = QuestionSet(
        name=_named(name or shipped.name_in(language)), kind=shipped.kind, language=language, programme=programme,
        is_shared=is_shared, shipped_key=key, created_by=by.person,
    )  # fmt: skip
    with transaction.atomic():
        _saved_new(made, "create", by)
        Question.objects.bulk_create(Question(question_set=made, **fields) for fields in shipped.questions)
        return made


def copy_set(
    source: QuestionSet, *, name: str, by: Actor, programme: Programme | None = None, is_shared: bool = True
) -> QuestionSet:
    """A set of its own with the same questions; the source stays as it is."""
    made = QuestionSet(
        name=_named(name), kind=source.kind, language=source.language, programme=programme, is_shared=is_shared,
        shipped_key=source.shipped_key, created_by=by.person,
    )  # fmt: skip
    with transaction.atomic():
        _saved_new(made, "copy", by)
        copy_questions(source, made)
        return made


def edit_set(question_set: QuestionSet, *, name: str, language: str, by: Actor) -> QuestionSet:
    """Another name, or another first language. The answers are not touched by it."""
    with transaction.atomic():
        question_set = lock_set(question_set)
        changes = {"name": _named(name), "language": language}
        changed = [field for field, value in changes.items() if getattr(question_set, field) != value]
        for field in changed:
            setattr(question_set, field, changes[field])
        if changed:
            try:
                with transaction.atomic():
                    question_set.save(update_fields=changed)
            except IntegrityError:
                raise _name_taken() from None
            log("edit", question_set, by=by, scope=question_set.scope, changed=changed)
        return question_set


def archive_set(question_set: QuestionSet, *, by: Actor) -> QuestionSet:
    """Offered no longer; where it is asked it stays."""
    with transaction.atomic():
        question_set = lock_set(question_set)
        if question_set.archived_at is None:
            question_set.archived_at = timezone.now()
            question_set.save(update_fields=["archived_at"])
            log(
                "archive", question_set, by=by, scope=question_set.scope, changed=["archived_at"],
                undo_with=UNDO_ARCHIVING,
            )  # fmt: skip
        return question_set


def undo_archiving(thing_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    """Offer the set again; refused where its name was taken meanwhile."""
    question_set = lock_set(QuestionSet(pk=thing_id))
    question_set.archived_at = None
    try:
        with transaction.atomic():
            question_set.save(update_fields=["archived_at"])
    except IntegrityError:
        raise _name_taken() from None
    log("unarchive", question_set, by=by, scope=question_set.scope, changed=["archived_at"])


def note_answered(question_set: QuestionSet) -> None:
    """The first answer came in. Called by whoever asks, in the transaction that keeps the answer; logs nothing."""
    if question_set.answered_at is None:
        QuestionSet.objects.filter(pk=question_set.pk, answered_at=None).update(answered_at=timezone.now())


def lock_set(question_set: QuestionSet) -> QuestionSet:
    locked = QuestionSet.objects.select_for_update(of=("self",)).select_related("programme")
    return locked.get(pk=question_set.pk)


def editable_version(question_set: QuestionSet, *, by: Actor) -> QuestionSet:
    """The locked set itself, or, where it has answers, a copy that takes its place. Inside a transaction."""
    question_set = lock_set(question_set)
    if question_set.replaced_by_id:
        raise Refusal(
            _("A newer version of this set exists. Change that one."), code="replaced", set=question_set.code
        )
    if not question_set.is_frozen:
        return question_set
    return _next_version(question_set, by=by)


def _next_version(old: QuestionSet, *, by: Actor) -> QuestionSet:
    new = QuestionSet(
        name=old.name, kind=old.kind, language=old.language, programme=old.programme, is_shared=old.is_shared,
        shipped_key=old.shipped_key, version=old.version + 1, created_by=by.person, archived_at=old.archived_at,
    )  # fmt: skip
    # The name is free for the new version only when the old one points at it: both in one step.
    is_shared, new.is_shared = new.is_shared, False
    new.save()
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    new.is_shared = is_shared
    new.save(update_fields=["is_shared"])
    copy_questions(old, new)
    log("new_version", new, by=by, scope=new.scope, changed=["version"])
    return new


def copy_questions(source: QuestionSet, target: QuestionSet) -> None:
    """Every question of one set in another, in one statement."""
    Question.objects.bulk_create(
        Question(question_set=target, **{name: getattr(one, name) for name in COPIED})
        for one in source.questions.all()
    )


def _saved_new(made: QuestionSet, verb: str, by: Actor) -> QuestionSet:
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise _name_taken() from None
    log(verb, made, by=by, scope=made.scope, changed=["kind", "language"])
    return made


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Give the set a name."), code="no_name", field="name")
    if len(name) > 120:
        raise Refusal(_("The name is longer than 120 letters. Shorten it."), code="long_name", field="name")
    return name


def _name_taken() -> Refusal:
    return Refusal(_("Another set has this name. Choose another."), code="name_taken", field="name")

"""What a table talked about: its notes, and pictures of its paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.kit import uploads
from samverk.kit.acting import Actor, Refusal
from samverk.tables.models import TableNote, TablePhoto, TablePlan
from samverk.tables.rules import table_refusal
from samverk.trail.commands import log

UNDO_PHOTO = "table_photo.remove"


def write_note(plan: TablePlan, *, round_: int, table: int, text: str, by: Actor) -> TableNote:
    """Keep the notes of a table in a round. Raises Refusal."""
    _refuse(plan, round_, table)
    with transaction.atomic():
        note, _made = TableNote.objects.update_or_create(
            plan=plan, round=round_, table=table, defaults={"text": text, "edited_at": timezone.now()}
        )
        log("write_table_note", plan, by=by, scope=plan.session.activity.programme.scope)
    return note


def add_photo(
    plan: TablePlan, file: BinaryIO, name: str, *, round_: int, table: int, described: str, by: Actor
) -> TablePhoto:
    """Keep a picture, decoded and written anew so that no place stays in it. Raises Refusal."""
    _refuse(plan, round_, table)
    accepted = uploads.accept(file, name)
    if not accepted.media_type.startswith("image/"):
        raise Refusal(_("Send a picture: JPEG, PNG, WebP or HEIC."), code="kind", field="file")
    with transaction.atomic():
        photo = TablePhoto(
            plan=plan, round=round_, table=table, file_name=accepted.name, media_type=accepted.media_type,
            described=described, added_by=by.person,
        )  # fmt: skip
        photo.file.save(accepted.random_name, ContentFile(accepted.content), save=False)
        photo.save()
        log("add_table_photo", photo, by=by, scope=plan.session.activity.programme.scope)
    return photo


def remove_photo(photo: TablePhoto, *, by: Actor) -> TablePhoto:
    """Nobody sees it any more. It can be put back for 24 hours."""
    with transaction.atomic():
        photo = _lock(photo.pk)
        if photo.removed_at is None:
            photo.removed_at = timezone.now()
            photo.save(update_fields=["removed_at"])
            scope = photo.plan.session.activity.programme.scope
            log("remove_table_photo", photo, by=by, scope=scope, undo_with=UNDO_PHOTO)
    return photo


def undo_removing(photo_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    photo = _lock(photo_id)
    photo.removed_at = None
    photo.save(update_fields=["removed_at"])
    log("put_back_table_photo", photo, by=by, scope=photo.plan.session.activity.programme.scope)


def _refuse(plan: TablePlan, round_: int, table: int) -> None:
    if refusal := table_refusal(plan.tables, table):
        raise refusal
    if not 1 <= round_ <= plan.rounds:
        raise Refusal(_("There is no such round."), code="no_round")


def _lock(pk: int) -> TablePhoto:
    found = TablePhoto.objects.select_for_update(of=("self",))
    return found.select_related("plan__session__activity__programme").get(pk=pk)

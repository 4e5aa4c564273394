"""Materials: adding a file, a picture or a link, and taking it away again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.activities.models import Activity
from samverk.follow_up.choices import MaterialKind
from samverk.follow_up.models import Material
from samverk.follow_up.rules import material_refusal
from samverk.kit import uploads
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

UNDO_REMOVING = "material.remove"
WORDS = ("title", "audience", "described", "maker", "rights")


def add_link(activity: Activity, *, link: str, by: Actor, **fields: Any) -> Material:
    """Show an address elsewhere; ``fields`` as in WORDS."""
    material = Material(activity=activity, kind=MaterialKind.LINK, link=link, added_by=by.person, **fields)
    _refuse(material)
    with transaction.atomic():
        material.save()
        log("add_material", material, by=by, scope=activity.programme.scope, changed=["kind", "audience"])
    return material


def add_file(activity: Activity, file: BinaryIO, name: str, *, by: Actor, **fields: Any) -> Material:
    """Keep a PDF or a picture. Pictures are decoded and written anew, so no place or camera stays in them."""
    accepted = uploads.accept(file, name)
    is_picture = accepted.media_type.startswith("image/")
    material = Material(
        activity=activity, kind=MaterialKind.PICTURE if is_picture else MaterialKind.FILE, file_name=accepted.name,
        media_type=accepted.media_type, size=len(accepted.content), digest=accepted.digest, added_by=by.person,
        **fields,
    )  # fmt: skip
    _refuse(material)
    if Material.objects.filter(activity=activity, digest=accepted.digest, removed_at=None).exists():
        raise Refusal(_("This file stands here already."), code="twice", field="file")
    with transaction.atomic():
        material.file.save(accepted.random_name, ContentFile(accepted.content), save=False)
        material.save()
        log("add_material", material, by=by, scope=activity.programme.scope, changed=["kind", "audience"])
    return material


def remove_material(material: Material, *, by: Actor) -> Material:
    """Nobody gets it any more. It can be put back for 24 hours."""
    with transaction.atomic():
        material = _lock(material.pk)
        if material.removed_at is None:
            material.removed_at = timezone.now()
            material.save(update_fields=["removed_at"])
            scope = material.activity.programme.scope
            log("remove_material", material, by=by, scope=scope, undo_with=UNDO_REMOVING)
    return material


def undo_removing(material_id: int, facts: Mapping[str, Any], by: Actor) -> None:
    material = _lock(material_id)
    material.removed_at = None
    material.save(update_fields=["removed_at"])
    log("put_back_material", material, by=by, scope=material.activity.programme.scope)


def _refuse(material: Material) -> None:
    material.title = " ".join(material.title.split())[:200] or material.file_name or material.link[:200]
    if refusal := material_refusal(material):
        raise refusal


def _lock(pk: int) -> Material:
    return Material.objects.select_for_update(of=("self",)).select_related("activity__programme").get(pk=pk)

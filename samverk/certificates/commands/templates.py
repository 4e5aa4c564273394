"""How certificates look: the programme's template, its words, who signs; what they say of an activity."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from samverk.activities.models import Activity
from samverk.certificates.models import ActivityText, CertificateTemplate, Signatory, TemplateText
from samverk.certificates.wording import MOST_SIGNATORIES
from samverk.kit import uploads
from samverk.kit.acting import Actor, Refusal
from samverk.programmes.models import Programme
from samverk.trail.commands import log

TEXT_FIELDS = ("heading", "statement", "closing")
LOOK_FIELDS = ("place", "shows_hours", "shows_contents", "shows_where")


def save_template(
    programme: Programme, *, look: Mapping[str, Any], texts: Mapping[str, Mapping[str, str]], by: Actor
) -> CertificateTemplate:
    """What stands on the programme's certificates from now on. `texts` are by language; issued ones stay as they are."""
    with transaction.atomic():
        template = _template(programme)
        changed = [name for name in LOOK_FIELDS if name in look and getattr(template, name) != look[name]]
        for name in changed:
            setattr(template, name, look[name])
        template.save(update_fields=changed) if changed else None
        for language, words in texts.items():
            values = {name: " ".join(words.get(name, "").split()) for name in TEXT_FIELDS}
            _text, was_made = TemplateText.objects.update_or_create(
                template=template, language=language, defaults=values
            )
        log("edit_template", template, by=by, scope=programme.scope, changed=[*changed, *texts])
        return template


def add_signatory(
    programme: Programme,
    name: str,
    title: str = "",
    *,
    by: Actor,
    file: BinaryIO | None = None,
    file_name: str = "",
) -> Signatory:
    """Somebody who signs, with a picture of the signature or with room for a pen. Raises Refusal for other files."""
    accepted = _picture(file, file_name) if file else None
    with transaction.atomic():
        template = _template(programme)
        if Signatory.objects.filter(template=template, ended_at=None).count() >= MOST_SIGNATORIES:
            raise Refusal(
                _("Three people can sign. Take one away first."), code="too_many_signatories", field="name"
            )
        signatory = Signatory(template=template, name=" ".join(name.split()), title=" ".join(title.split()))
        if accepted:
            with Image.open(io.BytesIO(accepted.content)) as image:
                signatory.width, signatory.height = image.size
            signatory.media_type, signatory.digest = accepted.media_type, accepted.digest
            signatory.picture.save(accepted.random_name, ContentFile(accepted.content), save=False)
        signatory.save()
        log("add_signatory", signatory, by=by, scope=programme.scope, changed=["name", "title", "picture"])
        return signatory


def end_signatory(signatory: Signatory, *, by: Actor) -> None:
    """She signs no further certificates. On those that are issued her signature stays."""
    with transaction.atomic():
        found = Signatory.objects.select_for_update(of=("self",)).select_related("template__programme")
        signatory = found.get(pk=signatory.pk)
        if signatory.ended_at:
            return
        signatory.ended_at = timezone.now()
        signatory.save(update_fields=["ended_at"])
        log("end_signatory", signatory, by=by, scope=signatory.template.programme.scope, changed=["ended_at"])


def save_activity_texts(activity: Activity, texts: Mapping[str, Mapping[str, str]], *, by: Actor) -> None:
    """What certificates say of this activity, by language: its title there, and its contents, a line each."""
    with transaction.atomic():
        for language, words in texts.items():
            lines = [" ".join(line.split()) for line in words.get("contents", "").splitlines()]
            values = {
                "title": " ".join(words.get("title", "").split()),
                "contents": "\n".join(line for line in lines if line),
            }
            ActivityText.objects.update_or_create(activity=activity, language=language, defaults=values)
        log("edit_certificate_texts", activity, by=by, scope=activity.programme.scope, changed=list(texts))


def _template(programme: Programme) -> CertificateTemplate:
    """The programme's row, made at first need, under its lock."""
    CertificateTemplate.objects.get_or_create(programme=programme)
    return CertificateTemplate.objects.select_for_update().get(programme=programme)


def _picture(file: BinaryIO, name: str) -> uploads.Accepted:
    accepted = uploads.accept(file, name)
    if not accepted.media_type.startswith("image/"):
        raise Refusal(
            _("Send the signature as a picture: JPEG, PNG or WebP."), code="no_picture", field="file"
        )
    return accepted

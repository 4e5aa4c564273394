"""Certificates on paper: one A4 page each, tagged PDF. Drawn when asked for, from the facts that were frozen."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, UnidentifiedImageError

from samverk.certificates.messages import check_address
from samverk.certificates.models import Certificate, Signatory
from samverk.kit.documents import picture_of, render, render_picture
from samverk.kit.qr import qr_drawing
from samverk.programmes.documents import programme_sheet
from samverk.programmes.models import Programme

log = logging.getLogger("samverk.documents")
TEMPLATE = "certificates/certificate"
# As many pages as one file holds: about a second of work.
PAGES_IN_ONE = 100
# A word longer than this would leave the page; it may be broken anywhere.
LONG_WORD = 32


def certificate_document(certificate: Certificate) -> bytes:
    """One certificate as PDF, in its own language."""
    return certificates_document([certificate])


def certificates_document(certificates: Sequence[Certificate]) -> bytes:
    """Certificates of one programme as PDF, a page each, each in its own language. There is at least one."""
    first = certificates[0]
    pictures = _pictures(certificates)
    pages = [
        _page(one.facts, one.language, pictures, "" if one.is_protected else check_address(one))
        for one in certificates
    ]
    return render(TEMPLATE, _facts(first.activity.programme, pages, first.facts), first.language)


def preview_document(programme: Programme, facts: dict[str, Any], *, as_picture: bool = False) -> bytes:
    """What a certificate with these facts will look like; its check address leads nowhere. PDF or PNG."""
    ids = [signature["signatory"] for signature in facts["signatures"]]
    drawn = _drawn(Signatory.objects.filter(pk__in=ids))
    page = _page(facts, facts["language"], drawn, f"{settings.SAMVERK_ADDRESS}/check/{'X' * 20}/")
    make = render_picture if as_picture else render
    return make(TEMPLATE, _facts(programme, [page], facts), facts["language"])


def _facts(programme: Programme, pages: list[dict[str, Any]], facts: dict[str, Any]) -> dict[str, Any]:
    title = f"{facts['heading']}: {facts['title']}"
    sheet = programme_sheet(programme, title)
    # As it stood when it was issued; the logos are the programme's of today.
    sheet["owner"] = f"{facts['issuer']} · {facts['programme']}"
    sheet["funder_line"] = facts["funder_line"]
    return {"sheet": sheet, "certificates": pages}


def _page(facts: dict[str, Any], language: str, pictures: dict[int, str], address: str) -> dict[str, Any]:
    with override(language):
        said = {
            "number_label": _("Certificate number"),
            "check_label": _("Check it here:")
            if address
            else _("Nobody can look this certificate up. Ask the organiser."),
        }
        signatures = [
            {
                "name": one["name"],
                "title": one["title"],
                "picture": pictures.get(one["signatory"], ""),
                "words": _("Signature of %(name)s") % {"name": one["name"]},
            }
            for one in facts["signatures"]
        ]
    shown = facts | said | {"signatures": signatures, "check_address": address}
    return _breakable(
        shown | {"qr": qr_drawing(address) if address else ""}, keep={"qr", "check_address", "number"}
    )


def _pictures(certificates: Sequence[Certificate]) -> dict[int, str]:
    ids = {signature["signatory"] for one in certificates for signature in one.facts["signatures"]}
    return _drawn(Signatory.objects.filter(pk__in=ids))


def _drawn(signatories: Any) -> dict[int, str]:
    """The pictures as SVG by signatory. One that is gone must not keep a certificate from its owner."""
    drawn = {}
    for one in signatories.exclude(picture=""):
        try:
            with one.picture.open("rb") as file:
                content = file.read()
            with Image.open(io.BytesIO(content)) as image:
                image.verify()
        except (OSError, UnidentifiedImageError):
            log.warning("a signature cannot be read", extra={"signatory": one.pk})
            continue
        drawn[one.pk] = picture_of(content, one.media_type, one.width, one.height, one.name).svg
    return drawn


def _breakable(value: Any, keep: frozenset[str] | set[str] = frozenset()) -> Any:
    """Text whose words never leave the page: a very long one may be broken after each letter."""
    if isinstance(value, str):
        return re.sub(rf"\S{{{LONG_WORD},}}", lambda word: "\u200b".join(word[0]), value)
    if isinstance(value, list):
        return [_breakable(one) for one in value]
    if isinstance(value, dict):
        return {
            name: one if name in keep or name == "picture" else _breakable(one) for name, one in value.items()
        }
    return value

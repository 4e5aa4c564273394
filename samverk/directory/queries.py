"""Reads of the directory for screens."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from samverk.directory.models import DoubtfulPair, Organisation
from samverk.kit.codes import SHORT, typed_code
from samverk.kit.search import narrowed

SORTS = {"name": ("sort_key", "id"), "newest": ("-created_at", "-id"), "place": ("place", "sort_key", "id")}


def organisations_like(
    visible: QuerySet[Organisation], *, text: str = "", sector: str = "", place: str = "", country: str = "",
    sort: str = "name",
) -> QuerySet[Organisation]:  # fmt: skip
    """Visible organisations narrowed by words, sector, place and country; a public code finds its own."""
    if text:
        # Asked apart: an OR beside the words would make the database read every organisation in the order of names.
        by_code = visible.filter(code=typed_code(text)) if len(text.strip()) == SHORT else visible.none()
        is_code = by_code.exists()
        visible = by_code if is_code else narrowed(visible, text)
    for name, value in (("sector", sector), ("country", country)):
        if value:
            visible = visible.filter(**{name: value})
    if place:
        visible = visible.filter(place__iexact=place.strip())
    return visible.order_by(*SORTS.get(sort, SORTS["name"]))


def doubtful_pairs_of(organisation: Organisation) -> QuerySet[DoubtfulPair]:
    """Open doubts that name this organisation."""
    pairs = DoubtfulPair.objects.filter(kind="organisation", answer=DoubtfulPair.Answer.OPEN)
    return pairs.filter(first_id=organisation.pk) | pairs.filter(second_id=organisation.pk)


def missing_parts(organisation: Organisation) -> list[str]:
    """Names of what would make the public profile better, for the list on its page."""
    wanted: dict[str, Any] = {
        "description": organisation.description,
        "web": organisation.web,
        "email": organisation.email or organisation.phone,
        "themes": organisation.themes,
        "place": organisation.place,
    }
    return [name for name, value in wanted.items() if not value]

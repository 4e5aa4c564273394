"""Inputs as a document, so that anybody can judge them again from a file: the reverse of `reading.parse`."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .exact import written
from .inputs import Inputs, Period
from .timeline import stamp


def to_document(inputs: Inputs) -> dict[str, Any]:
    """The inputs as plain JSON values; `parse` reads them back as they were."""
    document: dict[str, Any] = _plain(inputs)
    return document


def _plain(value: Any) -> Any:
    match value:
        case None | str() | int():
            return value
        case Decimal():
            return written(value)
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(item) for item in value]
        case Period():
            return {"from": value.first.isoformat(), "to": value.last.isoformat()}
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}

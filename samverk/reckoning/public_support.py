"""The ceiling on public support where part of the costs is given in kind.

Source: Regulation (EU) 2021/1060, Article 67(1): public support must not exceed eligible expenditure without what was
contributed in kind, at the end of the operation. Nobody is paid for what cost nobody money.
"""

from __future__ import annotations

from decimal import Decimal

from .exact import EXACT


def support_ceiling(eligible: Decimal, in_kind: Decimal) -> Decimal:
    """The most public support allowed."""
    return max(Decimal(0), EXACT.subtract(eligible, in_kind))


def over_ceiling(eligible: Decimal, in_kind: Decimal, support: Decimal) -> Decimal:
    """By how much the support asked for is too high; 0 where it fits."""
    return max(Decimal(0), EXACT.subtract(support, support_ceiling(eligible, in_kind)))

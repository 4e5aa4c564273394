"""Samverk: funded programmes of third-sector support centres, one floor per app (see docs/architecture.md)."""

__version__ = "0.1.0"

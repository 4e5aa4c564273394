"""Reads for dashboards and reports. Money and hours are sums of stored decisions, never decided here."""

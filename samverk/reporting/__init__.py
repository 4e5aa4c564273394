"""Indicators, targets, dashboards, snapshots and funder reports."""

"""Screens for coordinators."""

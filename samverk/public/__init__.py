"""Screens for visitors: calendar, activity page, registration, organisations."""

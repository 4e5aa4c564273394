"""Screens for participants and representatives: my page, my place, my hours, sign-in."""

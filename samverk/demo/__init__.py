"""Fills an example database with the five programmes and signs in as its cast. Never on in production."""

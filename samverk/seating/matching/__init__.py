"""Mentors for organisations: visible scores, hard filters first, the best matching with prices that explain it."""

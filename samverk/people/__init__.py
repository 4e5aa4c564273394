"""Persons (the user model), sign-in by code and link, devices, protected identity."""

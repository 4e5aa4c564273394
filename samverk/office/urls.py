"""Addresses of the office; one list per thing."""

from django.urls import URLPattern, path  # noqa: F401

app_name = "office"

# today, trail, undo: /office/
today: list[URLPattern] = []
# programmes: /office/programmes/
programmes: list[URLPattern] = []
# activities and sessions: /office/activities/, /office/sessions/
activities: list[URLPattern] = []
# people: /office/people/
people: list[URLPattern] = []
# organisations, imports, merges: /office/organisations/, /office/imports/, /office/merges/
organisations: list[URLPattern] = []
# hours and statements: /office/hours/, /office/statements/
hours: list[URLPattern] = []
# reports and dashboards: /office/reports/
reports: list[URLPattern] = []
# mail: /office/mail/
mail: list[URLPattern] = []

urlpatterns = [*today, *programmes, *activities, *people, *organisations, *hours, *reports, *mail]

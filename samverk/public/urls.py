"""Addresses of visitors; one list per thing. They stand behind the language."""

from django.urls import URLPattern, path  # noqa: F401

app_name = "public"

# home, about, accessibility: /
home: list[URLPattern] = []
# calendar, activity, registration: /calendar/, /activities/
activities: list[URLPattern] = []
# organisations: /organisations/
organisations: list[URLPattern] = []
# programmes: /programmes/
programmes: list[URLPattern] = []

urlpatterns = [*home, *activities, *organisations, *programmes]

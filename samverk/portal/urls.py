"""Addresses of participants and representatives; one list per thing. They stand behind the language."""

from django.urls import URLPattern, path  # noqa: F401

app_name = "portal"

# sign-in: /sign-in/
sign_in: list[URLPattern] = []
# my page: /my/
my_page: list[URLPattern] = []
# my place, by personal link: /place/
place: list[URLPattern] = []
# my hours, by personal link: /hours/
hours: list[URLPattern] = []
# my organisations and countersigning: /my/organisations/
organisations: list[URLPattern] = []

urlpatterns = [*sign_in, *my_page, *place, *hours, *organisations]

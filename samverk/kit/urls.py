"""Addresses of the kit: comfort bar, language switch, health, gallery."""

from django.urls import path

from samverk.kit import comfort, gallery, health

urlpatterns = [
    path("comfort/", comfort.comfort, name="comfort"),
    path("language/", comfort.language, name="language"),
    path("health/", health.health, name="health"),
    path("gallery/", gallery.gallery, name="gallery"),
]

"""Addresses that programs ask for: who signs credentials, with which keys, what was revoked. Without a language."""

from django.urls import path

from samverk.public.views import badges as badge_views

app_name = "badges"

urlpatterns = [
    path(".well-known/jwks.json", badge_views.keys, name="keys"),
    path("badges/issuer.json", badge_views.issuer, name="issuer"),
    path("badges/keys/<str:thumbprint>.json", badge_views.key, name="key"),
    path("badges/status/<int:number>", badge_views.status_list, name="status_list"),
]

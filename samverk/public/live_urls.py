"""Short addresses that stand on a wall: /l/. They speak the reader's own language."""

from django.urls import path

from samverk.public.views import live as views

app_name = "live"

urlpatterns = [
    path("", views.door, name="door"),
    path("<str:code>/", views.room, name="room"),
    path("<str:code>/news/", views.news, name="news"),
    path("<str:code>/<str:question>/vote/", views.vote, name="vote"),
    path("<str:code>/<str:question>/ask/", views.ask, name="ask"),
    path("<str:code>/<str:asked>/support/", views.support, name="support"),
]

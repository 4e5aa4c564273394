"""Addresses of visitors; one list per thing. They stand behind the language."""

from django.urls import URLPattern, path

from samverk.public.views import activities as activity_views
from samverk.public.views import agenda as agenda_views
from samverk.public.views import agenda_files as agenda_file_views
from samverk.public.views import calendar as calendar_views
from samverk.public.views import certificates as certificate_views
from samverk.public.views import home as home_views
from samverk.public.views import invitations as invitation_views
from samverk.public.views import organisations as organisation_views
from samverk.public.views import registrations as registration_views

app_name = "public"

# home, about, accessibility: /
home: list[URLPattern] = [
    path("", home_views.home, name="home"),
    path("about/", home_views.about, name="about"),
    path("accessibility/", home_views.accessibility, name="accessibility"),
]
# calendar, activity, registration: /calendar/, /activities/
activities: list[URLPattern] = [
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar.ics", calendar_views.calendar_feed, name="calendar_feed"),
    path("activities/<str:code>/", activity_views.activity, name="activity"),
    path("activities/<str:code>/programme/", agenda_views.agenda, name="agenda"),
    path("activities/<str:code>/schedule.json", agenda_file_views.agenda_json, name="agenda_json"),
    path("activities/<str:code>/schedule.xml", agenda_file_views.agenda_xml, name="agenda_xml"),
    path("activities/<str:code>/programme.ics", agenda_file_views.agenda_calendar, name="agenda_calendar"),
    path("activities/<str:code>/programme/<str:item>/", agenda_views.agenda_item, name="agenda_item"),
    path("activities/<str:code>.ics", activity_views.activity_feed, name="activity_feed"),
    path(
        "activities/<str:code>/register/", registration_views.registration_create, name="registration_create"
    ),
    path("registrations/<str:token>/", registration_views.registration_sent, name="registration_sent"),
    path(
        "registrations/<str:token>/confirm/",
        registration_views.registration_confirm,
        name="registration_confirm",
    ),
    path(
        "registrations/<str:token>/resend/",
        registration_views.registration_resend,
        name="registration_resend",
    ),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
    path("invitations/<str:token>/accept/", invitation_views.invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/decline/", invitation_views.invitation_decline, name="invitation_decline"),
    path("materials/<str:code>/", activity_views.material, name="material"),
    path("organisation-names/", activity_views.organisation_names, name="organisation_names"),
]
# organisations: /organisations/
organisations: list[URLPattern] = [
    path("organisations/", organisation_views.organisations, name="organisations"),
    path("organisations/<str:code>/", organisation_views.organisation, name="organisation"),
]
# programmes: /programmes/
programmes: list[URLPattern] = [
    path("programmes/<str:code>/", organisation_views.programme, name="programme"),
]
# certificates: /check/
certificates: list[URLPattern] = [
    path("check/<str:code>/", certificate_views.check, name="check"),
]

urlpatterns = [
    *home,
    *activities,
    *organisations,
    *programmes,
    *certificates,
]

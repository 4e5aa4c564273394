"""Addresses of the office; one list per thing."""

from django.urls import URLPattern, path  # noqa: F401

from samverk.office.views import organisations as organisations_views
from samverk.office.views import programmes as programmes_views
from samverk.office.views import saved_views

app_name = "office"

# today, trail, undo: /office/
today: list[URLPattern] = []
# programmes: /office/programmes/
programmes: list[URLPattern] = [
    path("programmes/", programmes_views.programmes, name="programmes"),
    path("programmes/new/", programmes_views.programme_create, name="programme_create"),
    path("programmes/<str:code>/", programmes_views.programme, name="programme"),
    path("programmes/<str:code>/edit/", programmes_views.programme_edit, name="programme_edit"),
    path("programmes/<str:code>/seats/give/", programmes_views.seat_give, name="seat_give"),
    path("programmes/<str:code>/seats/<int:seat>/end/", programmes_views.seat_end, name="seat_end"),
    path("programmes/<str:code>/partners/add/", programmes_views.partner_add, name="partner_add"),
    path("programmes/<str:code>/components/add/", programmes_views.component_add, name="component_add"),
    path("programmes/<str:code>/funding-lines/add/", programmes_views.funding_line_add, name="funding_line_add"),
    path("programmes/<str:code>/organisations/enrol/", programmes_views.organisation_enrol, name="organisation_enrol"),
    path("programmes/<str:code>/organisations/<int:enrolment>/end/", programmes_views.enrolment_end, name="enrolment_end"),
]
# activities and sessions: /office/activities/, /office/sessions/
activities: list[URLPattern] = []
# people: /office/people/
people: list[URLPattern] = []
# organisations, imports, merges: /office/organisations/, /office/imports/, /office/merges/
organisations: list[URLPattern] = [
    path("organisations/", organisations_views.organisations, name="organisations"),
    path("organisations/export.csv", organisations_views.organisations_export, name="organisations_export"),
    path("organisations/new/", organisations_views.organisation_create, name="organisation_create"),
    path("organisations/<str:code>/", organisations_views.organisation, name="organisation"),
    path("organisations/<str:code>/edit/", organisations_views.organisation_edit, name="organisation_edit"),
    path("organisations/<str:code>/archive/", organisations_views.organisation_archive, name="organisation_archive"),
    path("organisations/<str:code>/numbers/set/", organisations_views.identifier_set, name="identifier_set"),
    path("organisations/<str:code>/people/add/", organisations_views.affiliation_add, name="affiliation_add"),
    path("organisations/<str:code>/people/<int:affiliation>/confirm/", organisations_views.affiliation_confirm, name="affiliation_confirm"),
    path("organisations/<str:code>/people/<int:affiliation>/end/", organisations_views.affiliation_end, name="affiliation_end"),
    path("organisations/<str:code>/mandates/give/", organisations_views.mandate_give, name="mandate_give"),
    path("organisations/<str:code>/mandates/<int:mandate>/end/", organisations_views.mandate_end, name="mandate_end"),
]
# saved views of any list: /office/views/
views: list[URLPattern] = [
    path("views/save/", saved_views.view_create, name="view_create"),
    path("views/<str:code>/forget/", saved_views.view_forget, name="view_forget"),
]
# hours and statements: /office/hours/, /office/statements/
hours: list[URLPattern] = []
# reports and dashboards: /office/reports/
reports: list[URLPattern] = []
# mail: /office/mail/
mail: list[URLPattern] = []

urlpatterns = [*views, *today, *programmes, *activities, *people, *organisations, *hours, *reports, *mail]

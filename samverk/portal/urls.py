"""Addresses of participants and representatives; one list per thing. They stand behind the language."""

from django.urls import URLPattern, path  # noqa: F401

from samverk.portal.views import absences as absence_views
from samverk.portal.views import answers as answer_views
from samverk.portal.views import archive as archive_views
from samverk.portal.views import certificates as certificate_views
from samverk.portal.views import check_in as check_in_views
from samverk.portal.views import claims as claim_views
from samverk.portal.views import countersign as countersign_views
from samverk.portal.views import details as details_views
from samverk.portal.views import evaluations as evaluation_views
from samverk.portal.views import hours as hours_views
from samverk.portal.views import my_page as my_page_views
from samverk.portal.views import organisations as organisation_views
from samverk.portal.views import places as place_views
from samverk.portal.views import polls as poll_views
from samverk.portal.views import sign_in as sign_in_views

app_name = "portal"

# sign-in: /sign-in/
sign_in: list[URLPattern] = [
    path("sign-in/", sign_in_views.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in_views.sign_in_code, name="sign_in_code"),
    path("sign-in/code/resend/", sign_in_views.sign_in_resend, name="sign_in_resend"),
    path("sign-in/link/<str:token>/", sign_in_views.sign_in_link, name="sign_in_link"),
    path("sign-out/", sign_in_views.sign_out, name="sign_out"),
]
# my page: /my/
my_page: list[URLPattern] = [
    path("my/", my_page_views.home, name="home"),
    path("my/details/", details_views.details, name="details"),
    path("my/devices/", details_views.devices, name="devices"),
    path("my/devices/sign-out/", details_views.sign_out_everywhere, name="sign_out_everywhere"),
    path("my/devices/<str:code>/end/", details_views.device_end, name="device_end"),
    path("my/undo/<str:code>/", details_views.undo, name="undo"),
]
# my place, by personal link: /place/
place: list[URLPattern] = [
    path("my/activities/", place_views.activities, name="activities"),
    path("place/<str:token>/", place_views.place, name="place"),
    path("place/<str:token>/calendar.ics", place_views.place_calendar, name="place_calendar"),
    path("place/<str:token>/materials/<str:code>/", place_views.place_material, name="place_material"),
    path("place/<str:token>/confirm/", place_views.place_confirm, name="place_confirm"),
    path("place/<str:token>/accept/", place_views.place_accept, name="place_accept"),
    path("place/<str:token>/cancel/", place_views.place_cancel, name="place_cancel"),
    path("place/<str:token>/restore/", place_views.place_restore, name="place_restore"),
    path("place/<str:token>/change/", place_views.place_change, name="place_change"),
    path("place/<str:token>/needs/", place_views.place_adjustments, name="place_adjustments"),
    path(
        "place/<str:token>/needs/withdraw/",
        place_views.place_adjustments_withdraw,
        name="place_adjustments_withdraw",
    ),
    path("place/<str:token>/here/", check_in_views.place_here, name="place_here"),
    path("place/<str:token>/ticket.pdf", check_in_views.place_ticket, name="place_ticket"),
]
# tickets, and the code on the wall: /tickets/, /here/
check_in: list[URLPattern] = [
    path("tickets/<str:code>/", check_in_views.ticket, name="ticket"),
    path("here/", check_in_views.here, name="here"),
    path("here/check-in/", check_in_views.here_check_in, name="here_check_in"),
    path("here/done/", check_in_views.here_done, name="here_done"),
]
# my archive: /my/archive/
archive: list[URLPattern] = [
    path("my/archive/", archive_views.archive, name="archive"),
    path("my/archive/ask/", archive_views.archive_ask, name="archive_ask"),
    path("my/archive/<str:code>/", archive_views.archive_download, name="archive_download"),
]
# my certificate, by personal link: /certificates/
certificates: list[URLPattern] = [
    path("certificates/<str:token>/", certificate_views.certificate, name="certificate"),
    path(
        "certificates/<str:token>/certificate.pdf", certificate_views.certificate_pdf, name="certificate_pdf"
    ),
    path("certificates/<str:token>/badge.jwt", certificate_views.certificate_badge, name="certificate_badge"),
]
# my hours, by personal link: /hours/
hours: list[URLPattern] = [
    path("my/hours/", hours_views.hours, name="hours"),
    path("hours/<str:token>/", hours_views.statement, name="statement"),
    path("hours/<str:token>/sign/", hours_views.statement_sign, name="statement_sign"),
]
# my organisations and countersigning: /my/organisations/
organisations: list[URLPattern] = [
    path("my/organisations/", organisation_views.organisations, name="organisations"),
    path("my/organisations/<str:code>/edit/", organisation_views.organisation_edit, name="organisation_edit"),
    path("my/organisations/<str:code>/claims/", claim_views.claims, name="claims"),
    path("my/claims/<str:code>/confirm/", claim_views.claim_confirm, name="claim_confirm"),
    path("my/claims/<str:code>/decline/", claim_views.claim_decline, name="claim_decline"),
    path("my/organisations/<str:code>/hours/", countersign_views.countersign, name="countersign"),
]
# finding a time, by personal link or by the address that is passed on: /times/
polls: list[URLPattern] = [
    path("times/<str:token>/", poll_views.poll, name="poll"),
    path("times/<str:token>/answer/", poll_views.poll_answer, name="poll_answer"),
    path("times/shared/<str:token>/", poll_views.poll_shared, name="poll_shared"),
]

# what one thought, by personal link: /evaluation/
evaluations: list[URLPattern] = [
    path("evaluation/<str:token>/", evaluation_views.evaluation, name="evaluation"),
]

# where one was missed: /my/absences/
absences: list[URLPattern] = [
    path("my/absences/", absence_views.absences, name="absences"),
    path("my/absences/<str:code>/ask/", absence_views.absence_ask, name="absence_ask"),
]

# what one answered when registering: /place/<token>/answers/
answers: list[URLPattern] = [
    path("place/<str:token>/answers/", answer_views.place_answers, name="place_answers"),
    path("place/<str:token>/answers/<str:key>/", answer_views.place_answer_file, name="place_answer_file"),
]

urlpatterns = [
    *absences,
    *answers,
    *evaluations,
    *sign_in,
    *my_page,
    *place,
    *check_in,
    *archive,
    *certificates,
    *hours,
    *organisations,
    *polls,
]

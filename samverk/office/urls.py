"""Addresses of the office; one list per thing."""

from django.urls import URLPattern, path  # noqa: F401

from samverk.office.views import absences as absences_views
from samverk.office.views import activities as activities_views
from samverk.office.views import adjustments as adjustment_views
from samverk.office.views import admission as admission_views
from samverk.office.views import agenda as agenda_views
from samverk.office.views import agenda_imports as agenda_import_views
from samverk.office.views import applications as applications_views
from samverk.office.views import asking as asking_views
from samverk.office.views import attendance as attendance_views
from samverk.office.views import certificate_templates as certificate_template_views
from samverk.office.views import certificates as certificates_views
from samverk.office.views import check_in as check_in_views
from samverk.office.views import cohorts as cohorts_views
from samverk.office.views import evaluations as evaluations_views
from samverk.office.views import figures as figures_views
from samverk.office.views import follow_up as follow_up_views
from samverk.office.views import hours as hours_views
from samverk.office.views import imports as imports_views
from samverk.office.views import invitations as invitations_views
from samverk.office.views import live as live_views
from samverk.office.views import mail as mail_views
from samverk.office.views import mailings as mailings_views
from samverk.office.views import merges as merges_views
from samverk.office.views import organisations as organisations_views
from samverk.office.views import outbox as outbox_views
from samverk.office.views import paper as paper_views
from samverk.office.views import paper_pages as paper_page_views
from samverk.office.views import people as people_views
from samverk.office.views import places as places_views
from samverk.office.views import polls as polls_views
from samverk.office.views import programmes as programmes_views
from samverk.office.views import question_sets as question_sets_views
from samverk.office.views import questions as questions_views
from samverk.office.views import registrations as registrations_views
from samverk.office.views import remote as remote_views
from samverk.office.views import reports as reports_views
from samverk.office.views import saved_views
from samverk.office.views import series as series_views
from samverk.office.views import statements as statements_views
from samverk.office.views import tables as table_views
from samverk.office.views import today as today_views
from samverk.office.views import trail as trail_views
from samverk.office.views import undo as undo_views
from samverk.office.views import venues as venues_views
from samverk.office.views import wishes as wishes_views

app_name = "office"

# today, trail, undo: /office/
today: list[URLPattern] = [
    path("", today_views.today, name="today"),
    path("undo/<str:code>/", undo_views.undo, name="undo"),
    path("trail/", trail_views.trail, name="trail"),
]
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
    path(
        "programmes/<str:code>/funding-lines/add/", programmes_views.funding_line_add, name="funding_line_add"
    ),
    path(
        "programmes/<str:code>/organisations/enrol/",
        programmes_views.organisation_enrol,
        name="organisation_enrol",
    ),
    path(
        "programmes/<str:code>/organisations/<int:enrolment>/end/",
        programmes_views.enrolment_end,
        name="enrolment_end",
    ),
]
# activities and sessions: /office/activities/, /office/sessions/
activities: list[URLPattern] = [
    path("activities/", activities_views.activities, name="activities"),
    path("activities/new/", activities_views.activity_create, name="activity_create"),
    path("activities/<str:code>/", activities_views.activity, name="activity"),
    path("activities/<str:code>/edit/", activities_views.activity_edit, name="activity_edit"),
    path("activities/<str:code>/copy/", activities_views.activity_copy, name="activity_copy"),
    path("activities/<str:code>/publish/", activities_views.activity_publish, name="activity_publish"),
    path("activities/<str:code>/cancel/", activities_views.activity_cancel, name="activity_cancel"),
    path("activities/<str:code>/sessions/many/", series_views.sessions_create, name="sessions_create"),
    path("activities/<str:code>/sessions/new/", activities_views.session_create, name="session_create"),
    path(
        "activities/<str:code>/register/", registrations_views.registration_create, name="registration_create"
    ),
    path(
        "activities/<str:code>/registrations.csv",
        registrations_views.registrations_csv,
        name="registrations_csv",
    ),
    path(
        "activities/<str:code>/registrations.xlsx",
        registrations_views.registrations_xlsx,
        name="registrations_xlsx",
    ),
    path("sessions/<str:code>/move/", activities_views.session_move, name="session_move"),
    path("sessions/<str:code>/cancel/", activities_views.session_cancel, name="session_cancel"),
    path("sessions/<str:code>/close/", attendance_views.session_close, name="session_close"),
    path("sessions/<str:code>/attendance/", attendance_views.attendance, name="attendance"),
    path(
        "sessions/<str:code>/attendance/worker.js",
        attendance_views.attendance_worker,
        name="attendance_worker",
    ),
    path("sessions/<str:code>/attendance/marks/", outbox_views.attendance_marks, name="attendance_marks"),
    path("sessions/<str:code>/attendance/rest/", attendance_views.attendance_rest, name="attendance_rest"),
    path("sessions/<str:code>/attendance/heads/", attendance_views.heads_count, name="heads_count"),
    path("sessions/<str:code>/attendance/walk-in/", attendance_views.walk_in_add, name="walk_in_add"),
    path("sessions/<str:code>/attendance/news/", check_in_views.attendance_news, name="attendance_news"),
    path("sessions/<str:code>/attendance/check-in/", check_in_views.check_in, name="check_in"),
    path(
        "sessions/<str:code>/attendance/check-in/typed/",
        check_in_views.check_in_typed,
        name="check_in_typed",
    ),
    path("sessions/<str:code>/wall/", check_in_views.wall, name="wall"),
    path("sessions/<str:code>/poster.pdf", check_in_views.poster, name="poster"),
    # tables: /office/sessions/<code>/tables/, /office/table-seats/<id>/, /office/table-photos/<code>/
    path("sessions/<str:code>/tables/", table_views.tables, name="tables"),
    path("sessions/<str:code>/tables/make/", table_views.tables_make, name="tables_make"),
    path("sessions/<str:code>/tables/again/", table_views.tables_again, name="tables_again"),
    path("sessions/<str:code>/tables/show/", table_views.tables_show, name="tables_show"),
    path("sessions/<str:code>/tables/hide/", table_views.tables_hide, name="tables_hide"),
    path("sessions/<str:code>/tables/wall/", table_views.tables_wall, name="tables_wall"),
    path("sessions/<str:code>/tables.pdf", table_views.tables_sheet, name="tables_sheet"),
    path("sessions/<str:code>/badges.pdf", table_views.tables_badges, name="tables_badges"),
    path("sessions/<str:code>/tables/pairs/add/", table_views.tables_pair_add, name="tables_pair_add"),
    path(
        "sessions/<str:code>/tables/pairs/<int:pair>/drop/",
        table_views.tables_pair_drop,
        name="tables_pair_drop",
    ),
    path("sessions/<str:code>/tables/<int:round_>/<int:number>/", table_views.table, name="table"),
    path(
        "sessions/<str:code>/tables/<int:round_>/<int:number>/note/",
        table_views.table_note,
        name="table_note",
    ),
    path(
        "sessions/<str:code>/tables/<int:round_>/<int:number>/photos/add/",
        table_views.table_photo_add,
        name="table_photo_add",
    ),
    path("table-seats/<int:pk>/", table_views.table_seat, name="table_seat"),
    path("table-seats/<int:pk>/move/", table_views.table_seat_move, name="table_seat_move"),
    path("table-seats/<int:pk>/swap/", table_views.table_seat_swap, name="table_seat_swap"),
    path("table-seats/<int:pk>/lock/", table_views.table_seat_lock, name="table_seat_lock"),
    path("table-seats/<int:pk>/unlock/", table_views.table_seat_unlock, name="table_seat_unlock"),
    path("table-photos/<str:code>/", table_views.table_photo, name="table_photo"),
    path("table-photos/<str:code>/remove/", table_views.table_photo_remove, name="table_photo_remove"),
    path("tickets/<str:code>/", check_in_views.ticket, name="ticket"),
    path("tickets/<str:code>/<str:session>/mark/", check_in_views.ticket_mark, name="ticket_mark"),
    path(
        "sessions/<str:code>/attendance/<int:row>/mark/",
        attendance_views.attendance_mark,
        name="attendance_mark",
    ),
    path("sessions/<str:code>/attendance/<int:row>/who/", attendance_views.walk_in_link, name="walk_in_link"),
    path(
        "sessions/<str:code>/attendance/<int:row>/remove/",
        attendance_views.walk_in_remove,
        name="walk_in_remove",
    ),
    path(
        "registrations/<str:code>/cancel/",
        registrations_views.registration_cancel,
        name="registration_cancel",
    ),
    path("registrations/<str:code>/organisation/", registrations_views.representation, name="representation"),
    path("representations/", registrations_views.representations, name="representations"),
    path(
        "representations/confirm/",
        registrations_views.representations_confirm,
        name="representations_confirm",
    ),
]
# certificates: /office/activities/…/certificates/, /office/certificates/, /office/programmes/…/certificate/
certificates: list[URLPattern] = [
    path("activities/<str:code>/certificates/", certificates_views.certificates, name="certificates"),
    path(
        "activities/<str:code>/certificates/share/", certificates_views.completion_set, name="completion_set"
    ),
    path(
        "activities/<str:code>/certificates/issue/",
        certificates_views.certificates_issue,
        name="certificates_issue",
    ),
    path(
        "activities/<str:code>/certificates/print.pdf",
        certificates_views.certificates_print,
        name="certificates_print",
    ),
    path(
        "activities/<str:code>/certificates/texts/",
        certificate_template_views.certificate_texts,
        name="certificate_texts",
    ),
    path(
        "activities/<str:code>/certificates/people/<str:key>/",
        certificates_views.completion_why,
        name="completion_why",
    ),
    path(
        "activities/<str:code>/certificates/people/<str:key>/decide/",
        certificates_views.completion_rule,
        name="completion_rule",
    ),
    path(
        "activities/<str:code>/certificates/people/<str:key>/withdraw/",
        certificates_views.completion_withdraw,
        name="completion_withdraw",
    ),
    path("certificates/<str:code>/", certificates_views.certificate, name="certificate"),
    path(
        "certificates/<str:code>/certificate.pdf", certificates_views.certificate_pdf, name="certificate_pdf"
    ),
    path("certificates/<str:code>/revoke/", certificates_views.certificate_revoke, name="certificate_revoke"),
    path(
        "certificates/<str:code>/correct/", certificates_views.certificate_correct, name="certificate_correct"
    ),
    path(
        "programmes/<str:code>/certificate/",
        certificate_template_views.certificate_template,
        name="certificate_template",
    ),
    path(
        "programmes/<str:code>/certificate/preview/",
        certificate_template_views.certificate_preview,
        name="certificate_preview",
    ),
    path(
        "programmes/<str:code>/certificate/signatories/add/",
        certificate_template_views.signatory_add,
        name="signatory_add",
    ),
    path(
        "programmes/<str:code>/certificate/signatories/<int:signatory>/end/",
        certificate_template_views.signatory_end,
        name="signatory_end",
    ),
]
# who may come: /office/activities/<code>/who-may-come/, /office/registrations/<code>/
admission: list[URLPattern] = [
    path("activities/<str:code>/who-may-come/", admission_views.admission, name="admission"),
    path("activities/<str:code>/groups/", cohorts_views.cohorts, name="cohorts"),
    path("activities/<str:code>/groups/add/", cohorts_views.cohort_add, name="cohort_add"),
    path("activities/<str:code>/groups/put/", cohorts_views.cohort_put, name="cohort_put"),
    path("activities/<str:code>/groups/asked/", cohorts_views.cohorts_asked, name="cohorts_asked"),
    path("activities/<str:code>/wishes/", wishes_views.wishes, name="wishes"),
    path("activities/<str:code>/wishes/publish/", wishes_views.wishes_publish, name="wishes_publish"),
    path("activities/<str:code>/wishes/asked/", wishes_views.wishes_asked, name="wishes_asked"),
    path("groups/<str:code>/edit/", cohorts_views.cohort_edit, name="cohort_edit"),
    path("groups/<str:code>/remove/", cohorts_views.cohort_remove, name="cohort_remove"),
    path("activities/<str:code>/roles/set/", admission_views.quota_set, name="quota_set"),
    path("activities/<str:code>/roles/<slug:comes_as>/drop/", admission_views.quota_drop, name="quota_drop"),
    path("activities/<str:code>/invitations/", invitations_views.invitations, name="invitations"),
    path(
        "activities/<str:code>/invitations/new/",
        invitations_views.invitation_create,
        name="invitation_create",
    ),
    path(
        "activities/<str:code>/invitations/send/", invitations_views.invitation_send, name="invitation_send"
    ),
    path(
        "activities/<str:code>/invitations/remind/",
        invitations_views.invitations_remind,
        name="invitations_remind",
    ),
    path(
        "invitations/<str:code>/withdraw/", invitations_views.invitation_withdraw, name="invitation_withdraw"
    ),
    path("activities/<str:code>/applications/", applications_views.applications, name="applications"),
    path(
        "activities/<str:code>/applications/approve/",
        applications_views.applications_approve,
        name="applications_approve",
    ),
    path(
        "activities/<str:code>/applications/decline/",
        applications_views.applications_decline,
        name="applications_decline",
    ),
    path("registrations/<str:code>/", places_views.registration, name="registration"),
    path("registrations/<str:code>/first/", places_views.registration_first, name="registration_first"),
    path("registrations/<str:code>/give/", places_views.registration_give, name="registration_give"),
    path("registrations/<str:code>/offer/", places_views.registration_offer, name="registration_offer"),
    path("registrations/<str:code>/offer/extend/", places_views.offer_extend, name="offer_extend"),
    path("registrations/<str:code>/role/", places_views.registration_role, name="registration_role"),
]
# people: /office/people/
people: list[URLPattern] = [
    path("people/", people_views.people, name="people"),
    path("people/people.csv", people_views.people_csv, name="people_csv"),
    path("people/<str:code>/", people_views.person, name="person"),
    path("people/<str:code>/open/", people_views.person_open, name="person_open"),
]
# organisations, imports, merges: /office/organisations/, /office/imports/, /office/merges/
organisations: list[URLPattern] = [
    path("organisations/", organisations_views.organisations, name="organisations"),
    path("organisations/export.csv", organisations_views.organisations_export, name="organisations_export"),
    path("organisations/new/", organisations_views.organisation_create, name="organisation_create"),
    path("organisations/<str:code>/", organisations_views.organisation, name="organisation"),
    path("organisations/<str:code>/edit/", organisations_views.organisation_edit, name="organisation_edit"),
    path(
        "organisations/<str:code>/archive/",
        organisations_views.organisation_archive,
        name="organisation_archive",
    ),
    path("organisations/<str:code>/numbers/set/", organisations_views.identifier_set, name="identifier_set"),
    path("organisations/<str:code>/people/add/", organisations_views.affiliation_add, name="affiliation_add"),
    path(
        "organisations/<str:code>/people/<int:affiliation>/confirm/",
        organisations_views.affiliation_confirm,
        name="affiliation_confirm",
    ),
    path(
        "organisations/<str:code>/people/<int:affiliation>/end/",
        organisations_views.affiliation_end,
        name="affiliation_end",
    ),
    path("organisations/<str:code>/mandates/give/", organisations_views.mandate_give, name="mandate_give"),
    path(
        "organisations/<str:code>/mandates/<int:mandate>/end/",
        organisations_views.mandate_end,
        name="mandate_end",
    ),
    path("imports/", imports_views.imports, name="imports"),
    path("imports/new/", imports_views.import_create, name="import_create"),
    path("imports/template.xlsx", imports_views.import_template, name="import_template"),
    path("imports/<str:code>/", imports_views.one_import, name="import"),
    path("imports/<str:code>/correct/", imports_views.import_correct, name="import_correct"),
    path("imports/<str:code>/check/", imports_views.import_check, name="import_check"),
    path("imports/<str:code>/reopen/", imports_views.import_reopen, name="import_reopen"),
    path("imports/<str:code>/decide/", imports_views.import_decide, name="import_decide"),
    path("imports/<str:code>/write/", imports_views.import_write, name="import_write"),
    path("imports/<str:code>/undo/", imports_views.import_undo, name="import_undo"),
    path("merges/", merges_views.merges, name="merges"),
    path("merges/find/", merges_views.merge_find, name="merge_find"),
    path("merges/<str:code>/undo/", merges_views.merge_undo, name="merge_undo"),
    path("merges/<str:kind>/<str:stays>/<str:goes>/", merges_views.merge, name="merge"),
    path("merges/<str:kind>/<str:stays>/<str:goes>/join/", merges_views.merge_join, name="merge_join"),
    path(
        "merges/<str:kind>/<str:stays>/<str:goes>/different/", merges_views.merge_differ, name="merge_differ"
    ),
]
# saved views of any list: /office/views/
views: list[URLPattern] = [
    path("views/save/", saved_views.view_create, name="view_create"),
    path("views/<str:code>/forget/", saved_views.view_forget, name="view_forget"),
]
# hours and statements: /office/hours/, /office/statements/
hours: list[URLPattern] = [
    path("hours/", hours_views.hours, name="hours"),
    path("hours/export.csv", hours_views.hours_export, name="hours_export"),
    path(
        "hours/<str:code>/decisions/<int:decision>/inputs.json",
        hours_views.decision_inputs,
        name="decision_inputs",
    ),
    path("hours/<str:code>/", hours_views.hour, name="hour"),
    path("programmes/<str:code>/seal/", hours_views.period_seal, name="period_seal"),
    path("programmes/<str:code>/seals/<int:seal>/reopen/", hours_views.period_reopen, name="period_reopen"),
    path("statements/", statements_views.statements, name="statements"),
    path("statements/send/", statements_views.statements_send, name="statements_send"),
    path("statements/<str:code>/", statements_views.statement, name="statement"),
    path("statements/<str:code>/remind/", statements_views.statement_remind, name="statement_remind"),
    path("statements/<str:code>/paper.pdf", statements_views.statement_paper, name="statement_paper"),
    path("statements/<str:code>/file/", statements_views.statement_file, name="statement_file"),
    path(
        "statements/<str:code>/lines/<str:line>/settle/",
        statements_views.dispute_settle,
        name="dispute_settle",
    ),
    path("sessions/<str:code>/evidence/", statements_views.session_evidence, name="session_evidence"),
    path("evidence/<str:code>/", statements_views.evidence, name="evidence"),
]
# reports and dashboards: /office/reports/
reports: list[URLPattern] = [
    path("programmes/<str:code>/dashboard/", figures_views.dashboard, name="dashboard"),
    path("programmes/<str:code>/figures/<slug:figure>/", figures_views.figure, name="figure"),
    path(
        "programmes/<str:code>/figures/<slug:figure>/rows.<str:ending>",
        figures_views.figure_export,
        name="figure_export",
    ),
    path("programmes/<str:code>/indicators/", figures_views.indicators, name="indicators"),
    path("programmes/<str:code>/indicators/new/", figures_views.indicator_create, name="indicator_create"),
    path(
        "programmes/<str:code>/indicators/<int:indicator>/edit/",
        figures_views.indicator_edit,
        name="indicator_edit",
    ),
    path(
        "programmes/<str:code>/indicators/<int:indicator>/remove/",
        figures_views.indicator_remove,
        name="indicator_remove",
    ),
    path("reports/", reports_views.reports, name="reports"),
    path("reports/new/", reports_views.report_create, name="report_create"),
    path("reports/<str:code>/", reports_views.report, name="report"),
    path("reports/<str:code>/check/", reports_views.report_check, name="report_check"),
    path("reports/<str:code>/edit/", reports_views.report_edit, name="report_edit"),
    path("reports/<str:code>/freeze/", reports_views.report_freeze, name="report_freeze"),
    path("reports/<str:code>/differences/", reports_views.report_differences, name="report_differences"),
    path("reports/<str:code>/report.<str:ending>", reports_views.report_download, name="report_download"),
]
# messages to the people of an activity: /office/activities/<code>/messages/, /office/messages/
mailings: list[URLPattern] = [
    path("activities/<str:code>/messages/", mailings_views.mailings, name="mailings"),
    path("activities/<str:code>/messages/new/", mailings_views.mailing_create, name="mailing_create"),
    path("activities/<str:code>/reminders/", mailings_views.reminders_plan, name="reminders_plan"),
    path("messages/<str:code>/", mailings_views.mailing, name="mailing"),
    path("messages/<str:code>/edit/", mailings_views.mailing_edit, name="mailing_edit"),
    path("messages/<str:code>/test/", mailings_views.mailing_test, name="mailing_test"),
    path("messages/<str:code>/send/", mailings_views.mailing_send, name="mailing_send"),
    path("messages/<str:code>/drop/", mailings_views.mailing_drop, name="mailing_drop"),
    path("messages/<str:code>/keep/", mailings_views.mailing_keep, name="mailing_keep"),
]
# afterwards: /office/activities/<code>/afterwards/, /office/materials/, /office/tasks/
follow_up: list[URLPattern] = [
    path("activities/<str:code>/afterwards/", follow_up_views.follow_up, name="follow_up"),
    path("activities/<str:code>/summary/draft/", follow_up_views.summary_draft, name="summary_draft"),
    path("activities/<str:code>/summary/write/", follow_up_views.summary_write, name="summary_write"),
    path("activities/<str:code>/summary/publish/", follow_up_views.summary_publish, name="summary_publish"),
    path(
        "activities/<str:code>/summary/withdraw/", follow_up_views.summary_withdraw, name="summary_withdraw"
    ),
    path("activities/<str:code>/materials/add/", follow_up_views.material_add, name="material_add"),
    path("activities/<str:code>/tasks/add/", follow_up_views.task_add, name="task_add"),
    path("activities/<str:code>/next/", follow_up_views.next_plan, name="next_plan"),
    path("materials/<str:code>/", follow_up_views.material, name="material"),
    path("materials/<str:code>/remove/", follow_up_views.material_remove, name="material_remove"),
    path("tasks/", follow_up_views.tasks_to_do, name="tasks_to_do"),
    path("tasks/<str:code>/finish/", follow_up_views.task_finish, name="task_finish"),
]
# paper: /office/paper/, /office/sessions/<code>/paper/
paper: list[URLPattern] = [
    path("sessions/<str:code>/print/", paper_views.sheet_print, name="sheet_print"),
    path("sessions/<str:code>/paper/", paper_views.session_paper, name="session_paper"),
    path("paper/", paper_views.paper, name="paper"),
    path("paper/send/", paper_views.paper_send, name="paper_send"),
    path("paper/blank/", paper_page_views.paper_blank_discard, name="paper_blank_discard"),
    path("paper/files/<str:code>/", paper_views.paper_scan, name="paper_scan"),
    path("paper/files/<str:code>/original/", paper_views.paper_original, name="paper_original"),
    path("paper/pages/<str:code>/", paper_page_views.paper_page, name="paper_page"),
    path("paper/pages/<str:code>/picture/", paper_views.paper_picture, name="paper_picture"),
    path("paper/pages/<str:code>/file/", paper_page_views.paper_page_file, name="paper_page_file"),
    path("paper/pages/<str:code>/code/", paper_page_views.paper_page_code, name="paper_page_code"),
    path("paper/pages/<str:code>/turn/", paper_page_views.paper_page_turn, name="paper_page_turn"),
    path("paper/pages/<str:code>/discard/", paper_page_views.paper_page_discard, name="paper_page_discard"),
    path("paper/pages/<str:code>/restore/", paper_page_views.paper_page_restore, name="paper_page_restore"),
    path(
        "paper/pages/<str:code>/withdraw/", paper_page_views.paper_page_withdraw, name="paper_page_withdraw"
    ),
    path("paper/pages/<str:code>/mark/", paper_page_views.paper_page_mark, name="paper_page_mark"),
    path("paper/pages/<str:code>/add/", paper_page_views.paper_page_add, name="paper_page_add"),
]

# log-in lists of video meetings: /office/sessions/<code>/log-in-lists/, /office/log-in-lists/
remote: list[URLPattern] = [
    path("sessions/<str:code>/log-in-lists/", remote_views.session_logs, name="session_logs"),
    path("log-in-lists/<str:code>/", remote_views.remote_log, name="remote_log"),
    path("log-in-lists/<str:code>/answer/", remote_views.remote_log_answer, name="remote_log_answer"),
    path("log-in-lists/<str:code>/write/", remote_views.remote_log_write, name="remote_log_write"),
]

# finding a time: /office/activities/<code>/polls/, /office/polls/
polls: list[URLPattern] = [
    path("activities/<str:code>/polls/", polls_views.polls, name="polls"),
    path("activities/<str:code>/polls/new/", polls_views.poll_create, name="poll_create"),
    path("polls/<str:code>/", polls_views.poll, name="poll"),
    path("polls/<str:code>/choose/", polls_views.poll_choose, name="poll_choose"),
    path("polls/<str:code>/close/", polls_views.poll_close, name="poll_close"),
]
# sets of questions: /office/questions/
questions: list[URLPattern] = [
    path("questions/", question_sets_views.question_sets, name="question_sets"),
    path("questions/new/", question_sets_views.question_set_create, name="question_set_create"),
    path("questions/<str:code>/", question_sets_views.question_set, name="question_set"),
    path("questions/<str:code>/edit/", question_sets_views.question_set_edit, name="question_set_edit"),
    path(
        "questions/<str:code>/archive/", question_sets_views.question_set_archive, name="question_set_archive"
    ),
    path(
        "questions/<str:code>/preview/", question_sets_views.question_set_preview, name="question_set_preview"
    ),
    path("questions/<str:code>/add/<slug:kind>/", questions_views.question_add, name="question_add"),
    path("questions/one/<str:question>/edit/", questions_views.question_edit, name="question_edit"),
    path("questions/one/<str:question>/up/", questions_views.question_raise, name="question_raise"),
    path("questions/one/<str:question>/down/", questions_views.question_lower, name="question_lower"),
    path("questions/one/<str:question>/remove/", questions_views.question_remove, name="question_remove"),
]
# mail: /office/mail/
mail: list[URLPattern] = [
    path("mail/", mail_views.mail, name="mail"),
    path("mail/<str:code>/retry/", mail_views.mail_retry, name="mail_retry"),
]

# venues and rooms: /office/venues/, /office/rooms/
venues: list[URLPattern] = [
    path("venues/", venues_views.venues, name="venues"),
    path("venues/new/", venues_views.venue_create, name="venue_create"),
    path("venues/<str:code>/", venues_views.venue, name="venue"),
    path("venues/<str:code>/edit/", venues_views.venue_edit, name="venue_edit"),
    path("venues/<str:code>/archive/", venues_views.venue_archive, name="venue_archive"),
    path("venues/<str:code>/rooms/add/", venues_views.room_add, name="room_add"),
    path("rooms/<str:code>/edit/", venues_views.room_edit, name="room_edit"),
    path("rooms/<str:code>/archive/", venues_views.room_archive, name="room_archive"),
]

# what those who register are asked: /office/activities/<code>/questions/, /office/questions-asked/
asking: list[URLPattern] = [
    path("activities/<str:code>/questions/", asking_views.asking, name="asking"),
    path("activities/<str:code>/questions/add/", asking_views.asking_add, name="asking_add"),
    path("activities/<str:code>/questions/answers/", asking_views.asking_answers, name="asking_answers"),
    path("activities/<str:code>/questions/answers.csv", asking_views.asking_csv, name="asking_csv"),
    path("activities/<str:code>/questions/answers.xlsx", asking_views.asking_xlsx, name="asking_xlsx"),
    path(
        "activities/<str:code>/questions/answers/<str:registration>/<str:key>/",
        asking_views.asking_file,
        name="asking_file",
    ),
    path(
        "activities/<str:code>/questions/protected/", asking_views.asking_protected, name="asking_protected"
    ),
    path("activities/<str:code>/questions/protected/names/", asking_views.asking_names, name="asking_names"),
    path("questions-asked/<str:code>/edit/", asking_views.asking_edit, name="asking_edit"),
    path("questions-asked/<str:code>/stop/", asking_views.asking_stop, name="asking_stop"),
]

# what people need: /office/activities/<code>/needs/, /office/needs/
adjustments: list[URLPattern] = [
    path("activities/<str:code>/needs/", adjustment_views.adjustments, name="adjustments"),
    path("needs/<str:code>/answer/", adjustment_views.adjustment_answer, name="adjustment_answer"),
]
# who did not come: /office/people/<code>/absences/, /office/absences/
absences: list[URLPattern] = [
    path("people/<str:code>/absences/", absences_views.absences, name="absences"),
    path("absences/<str:code>/excuse/", absences_views.absence_excuse, name="absence_excuse"),
    path("absences/<str:code>/count/", absences_views.absence_count, name="absence_count"),
]

# evaluations: /office/activities/<code>/evaluations/, /office/evaluations/
evaluations: list[URLPattern] = [
    path("activities/<str:code>/evaluations/", evaluations_views.evaluations, name="evaluations"),
    path(
        "activities/<str:code>/evaluations/new/",
        evaluations_views.evaluation_create,
        name="evaluation_create",
    ),
    path("evaluations/<str:code>/open/", evaluations_views.evaluation_open, name="evaluation_open"),
    path("evaluations/<str:code>/close/", evaluations_views.evaluation_close, name="evaluation_close"),
    path("evaluations/<str:code>/remove/", evaluations_views.evaluation_remove, name="evaluation_remove"),
    path("evaluations/<str:code>/", evaluations_views.evaluation_results, name="evaluation_results"),
    path("evaluations/<str:code>/results.pdf", evaluations_views.evaluation_pdf, name="evaluation_pdf"),
]

# programme of the day: /office/activities/<code>/programme/, /office/items/, /office/speakers/
agenda: list[URLPattern] = [
    path("activities/<str:code>/programme/", agenda_views.agenda, name="agenda"),
    path("activities/<str:code>/programme/open/", agenda_views.agenda_open, name="agenda_open"),
    path("activities/<str:code>/programme/publish/", agenda_views.agenda_publish, name="agenda_publish"),
    path("activities/<str:code>/programme/withdraw/", agenda_views.agenda_withdraw, name="agenda_withdraw"),
    path("activities/<str:code>/programme/ask/", agenda_views.agenda_ask, name="agenda_ask"),
    path("activities/<str:code>/programme/rooms/", agenda_views.agenda_rooms, name="agenda_rooms"),
    path("activities/<str:code>/programme/rooms/add/", agenda_views.agenda_room_add, name="agenda_room_add"),
    path(
        "activities/<str:code>/programme/rooms/<int:number>/up/",
        agenda_views.agenda_room_up,
        name="agenda_room_up",
    ),
    path(
        "activities/<str:code>/programme/rooms/<int:number>/remove/",
        agenda_views.agenda_room_remove,
        name="agenda_room_remove",
    ),
    path(
        "activities/<str:code>/programme/tracks/add/", agenda_views.agenda_track_add, name="agenda_track_add"
    ),
    path(
        "activities/<str:code>/programme/tracks/<int:number>/remove/",
        agenda_views.agenda_track_remove,
        name="agenda_track_remove",
    ),
    path("activities/<str:code>/programme/add/", agenda_views.agenda_item_create, name="agenda_item_create"),
    path(
        "activities/<str:code>/programme/imports/", agenda_import_views.agenda_imports, name="agenda_imports"
    ),
    path("programme-imports/<str:code>/", agenda_import_views.agenda_import, name="agenda_import"),
    path(
        "programme-imports/<str:code>/write/",
        agenda_import_views.agenda_import_write,
        name="agenda_import_write",
    ),
    path(
        "programme-imports/<str:code>/undo/",
        agenda_import_views.agenda_import_undo,
        name="agenda_import_undo",
    ),
    path("items/<str:code>/", agenda_views.agenda_item, name="agenda_item"),
    path("items/<str:code>/remove/", agenda_views.agenda_item_remove, name="agenda_item_remove"),
    path("items/<str:code>/people/add/", agenda_views.agenda_speaker_add, name="agenda_speaker_add"),
    path(
        "items/<str:code>/people/<str:speaker>/off/",
        agenda_views.agenda_speaker_off,
        name="agenda_speaker_off",
    ),
    path("speakers/<str:code>/confirm/", agenda_views.agenda_speaker_confirm, name="agenda_speaker_confirm"),
    path("speakers/<str:code>/hide/", agenda_views.agenda_speaker_hide, name="agenda_speaker_hide"),
]
# live questions: /office/sessions/<code>/live/, /office/live/
live: list[URLPattern] = [
    path("sessions/<str:code>/live/", live_views.live, name="live"),
    path("sessions/<str:code>/live/wall/", live_views.live_wall, name="live_wall"),
    path("sessions/<str:code>/live/open/", live_views.live_open, name="live_open"),
    path("sessions/<str:code>/live/close/", live_views.live_close, name="live_close"),
    path("sessions/<str:code>/live/add/", live_views.live_add, name="live_add"),
    path("live/<str:code>/show/", live_views.live_show, name="live_show"),
    path("live/<str:code>/stop/", live_views.live_stop, name="live_stop"),
    path("live/<str:code>/reveal/", live_views.live_reveal, name="live_reveal"),
    path("live/<str:code>/type/", live_views.live_type, name="live_type"),
    path("live/floor/<str:code>/hide/", live_views.live_hide, name="live_hide"),
    path("live/floor/<str:code>/unhide/", live_views.live_unhide, name="live_unhide"),
]

urlpatterns = [
    *agenda,
    *live,
    *absences,
    *adjustments,
    *asking,
    *evaluations,
    *views,
    *today,
    *programmes,
    *activities,
    *certificates,
    *admission,
    *people,
    *organisations,
    *venues,
    *hours,
    *reports,
    *mail,
    *mailings,
    *follow_up,
    *polls,
    *paper,
    *remote,
    *questions,
]

"""What stands in the log, in words: verbs, things, and where a thing has its page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from samverk.kit.acting import CLOCK, IMPORT, LINK, SESSION, SHELL
from samverk.trail.models import Entry

THINGS: dict[str, Any] = {
    "activity": _("activity"),
    "session": _("session"),
    "registration": _("registration"),
    "attendance": _("row of a sheet"),
    "person": _("person"),
    "organisation": _("organisation"),
    "affiliation": _("role in an organisation"),
    "programme": _("programme"),
    "enrolment": _("enrolment"),
    "fundingline": _("funding line"),
    "ruleset": _("rule set"),
    "import": _("import"),
    "merge": _("merge"),
    "statement": _("statement of hours"),
    "attestation": _("confirmation of hours"),
    "evidence": _("evidence"),
    "hourentry": _("line of the hours"),
    "sealedperiod": _("sealed period"),
    "report": _("report"),
    "snapshot": _("frozen report"),
    "target": _("target"),
    "savedview": _("saved view"),
    "mail": _("mail"),
    "teamseat": _("seat in a team"),
    "mailing": _("message"),
    "poll": _("question for a time"),
    "task": _("task"),
    "material": _("material"),
    "summary": _("summary of an activity"),
    "venue": _("venue"),
    "room": _("room"),
    "lettertemplate": _("template of a message"),
    "reminderplan": _("reminders of an activity"),
    "questionset": _("set of questions"),
    "question": _("question"),
}

VERBS: dict[str, Any] = {
    "accept_place": _("Took the offered place"),
    "add_affiliation": _("Added somebody to the organisation"),
    "add_component": _("Added a component"),
    "add_funding_line": _("Added a funding line"),
    "add_partner_role": _("Added a partner"),
    "add_walk_in": _("Added somebody who came unannounced"),
    "answer": _("Answered"),
    "archive": _("Archived"),
    "ask_for_hours": _("Asked to confirm hours"),
    "attest": _("Confirmed hours"),
    "bring_back": _("Brought back"),
    "cancel": _("Cancelled"),
    "cancel_registration": _("Gave up the place"),
    "change_answers": _("Changed the answers"),
    "close": _("Closed the sheet"),
    "confirm_affiliation": _("Confirmed a role"),
    "confirm_registration": _("Confirmed the place"),
    "correct": _("Corrected"),
    "count_heads": _("Counted heads"),
    "create": _("Created"),
    "edit": _("Changed"),
    "end_affiliation": _("Ended a role"),
    "end_device": _("Signed a browser out"),
    "end_enrolment": _("Ended an enrolment"),
    "end_mandate": _("Ended a mandate"),
    "end_seat": _("Ended a seat"),
    "enrol": _("Enrolled"),
    "expect": _("Put on the sheet"),
    "file_evidence": _("Filed evidence"),
    "file_list": _("Filed a signed list"),
    "file_paper": _("Filed a signed paper"),
    "follow_rules": _("Chose the rules"),
    "forget_view": _("Removed a saved view"),
    "freeze": _("Froze the report"),
    "give_mandate": _("Gave a mandate"),
    "give_place": _("Gave a place"),
    "give_seat": _("Gave a seat in the team"),
    "give_way": _("Gave way to another registration"),
    "keep_late_mark": _("Kept a late mark"),
    "let_run_out": _("Let a held place run out"),
    "link_walk_in": _("Said who it was that came"),
    "load_rule_set": _("Took in a rule set"),
    "make_keeper": _("Made somebody a keeper"),
    "make_keeper_link": _("Made a link to sign in as somebody"),
    "mark": _("Marked"),
    "mark_rest": _("Marked all the others"),
    "move": _("Moved"),
    "name_leaders": _("Named the leaders"),
    "offer_place": _("Offered a place"),
    "open_protected": _("Opened a protected identity"),
    "prove_address": _("Proved an address"),
    "publish": _("Published"),
    "register": _("Registered"),
    "remind": _("Reminded"),
    "remove": _("Removed"),
    "remove_walk_in": _("Removed somebody who came unannounced"),
    "reopen": _("Opened again"),
    "restore_registration": _("Took the place back"),
    "retry": _("Sent again"),
    "save_view": _("Saved a view"),
    "schedule": _("Planned"),
    "seal": _("Sealed the period"),
    "set_identifier": _("Wrote a number"),
    "sign_in": _("Signed in"),
    "sign_out_everywhere": _("Signed out everywhere"),
    "start_import": _("Began an import"),
    "unarchive": _("Took out of the archive"),
    "undo_cancel": _("Took a cancellation back"),
    "undo_closing": _("Opened the sheet again"),
    "undo_mark": _("Took a mark back"),
    "undo_publish": _("Took the publishing back"),
    "undo_rest": _("Took marks back"),
    "add_room": _("Added a room"),
    "ask_for_time": _("Asked for a time"),
    "add_voice": _("Somebody joined a question for a time"),
    "answer_poll": _("Answered which times suit"),
    "choose_time": _("Chose a time"),
    "undo_choose": _("Took a chosen time back"),
    "close_poll": _("Closed a question for a time"),
    "add_task": _("Wrote down a task"),
    "finish_task": _("Did a task"),
    "reopen_task": _("Took up a task again"),
    "add_material": _("Added material"),
    "remove_material": _("Took material away"),
    "put_back_material": _("Put material back"),
    "draft_summary": _("Drafted a summary"),
    "write_summary": _("Wrote a summary"),
    "publish_summary": _("Published a summary"),
    "withdraw_summary": _("Withdrew a summary"),
    "plan_next": _("Planned the next meeting"),
    "plan_reminders": _("Chose the reminders"),
    "save_template": _("Kept a template"),
    "send": _("Sent"),
    "try": _("Sent a test"),
    "undo_send": _("Took a message back"),
    "write": _("Wrote"),
    "copy": _("Copied"),
    "new_version": _("Made a new version"),
    "add_question": _("Added a question"),
    "edit_question": _("Changed a question"),
    "move_question": _("Moved a question"),
    "remove_question": _("Removed a question"),
    "put_back_question": _("Put a question back"),
    "void_attestation": _("Voided a confirmation"),
}

THROUGH: dict[str, Any] = {
    SESSION: "",
    LINK: _("by personal link"),
    SHELL: _("from the command line"),
    CLOCK: _("by itself"),
    IMPORT: _("by an import"),
}

_PAGES = {
    "activity": "office:activity",
    "session": "office:attendance",
    "organisation": "office:organisation",
    "person": "office:person",
    "programme": "office:programme",
    "statement": "office:statement",
    "hourentry": "office:hour",
    "report": "office:report",
    "venue": "office:venue",
    "room": "office:room_edit",
    "mailing": "office:mailing",
    "questionset": "office:question_set",
}


def what_was_done(entry: Entry) -> str:
    """A verb in words; one that nobody translated yet is shown as it is written."""
    return str(VERBS.get(entry.verb) or entry.verb.replace("_", " ").capitalize())


def thing_of(entry: Entry) -> str:
    return str(THINGS.get(entry.thing_type) or entry.thing_type)


def page_of(entry: Entry) -> str:
    """The address of the thing's page, where it has one under its code."""
    name = _PAGES.get(entry.thing_type)
    return reverse(name, args=[entry.thing_label]) if name and entry.thing_label else ""

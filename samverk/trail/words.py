"""Verbs of the trail as readers see them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "create": _("added"),
    "edit": _("edited"),
    "archive": _("archived"),
    "unarchive": _("brought back"),
    "set_identifier": _("number written"),
    "add_affiliation": _("person added"),
    "confirm_affiliation": _("role confirmed"),
    "end_affiliation": _("role ended"),
    "give_mandate": _("mandate given"),
    "end_mandate": _("mandate ended"),
    "start_import": _("list sent"),
    "import": _("list imported"),
    "undo_import": _("import taken back"),
    "merge": _("merged"),
    "undo_merge": _("taken apart"),
    "call_different": _("found to be two"),
    "add_component": _("part added"),
    "add_partner_role": _("partner added"),
    "give_seat": _("seat given"),
    "end_seat": _("seat ended"),
    "add_funding_line": _("funding line added"),
    "follow_rules": _("rules decided"),
    "load_rule_set": _("rules loaded"),
    "enrol": _("enrolled"),
    "end_enrolment": _("left"),
    "set_completion_share": _("share to attend decided"),
    "rule_completion": _("completion decided by hand"),
    "withdraw_ruling": _("decision by hand taken back"),
    "start_issuing": _("certificates asked for"),
    "issue": _("certificate issued"),
    "correct": _("corrected"),
    "revoke": _("certificate revoked"),
    "edit_template": _("look of certificates changed"),
    "edit_certificate_texts": _("words of certificates changed"),
    "add_signatory": _("signature added"),
    "end_signatory": _("signature taken away"),
    "change_key": _("badge key changed"),
    "ask_archive": _("archive asked for"),
    "save_view": _("view saved"),
    "forget_view": _("view removed"),
}


def verb_words(verb: str) -> str:
    """The verb in the reader's language; one without words of its own as it is written."""
    return str(VERBS.get(verb, verb.replace("_", " ")))

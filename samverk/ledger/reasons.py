"""Why a line counts or not, step by step, in the reader's language.

The steps are the engine's, in its order. Who may not see another programme reads “another programme”, and no time of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samverk.activities.choices import EvidenceKind
from samverk.directory.choices import AffiliationRole
from samverk.kit import words
from samverk.ledger.models import Attestation, DecisionLine, DecisionRefusal, HourEntry, PersonMonth
from samverk.people.rules import shown_name
from samverk.programmes.rule_documents import rules_of
from samverk.reckoning import Malformed, RuleSet, explain

# Which step a reason belongs to.
STEP_OF = {
    "outside_period": "period",
    "rule_not_valid": "period",
    "employment_not_eligible": "role",
    "excluded_role": "role",
    "evidence_too_weak": "proof",
    "not_attested": "signatures",
    "too_short": "length",
    "group_too_small": "length",
    "share_too_low": "length",
    "no_rate": "rate",
    "already_claimed": "once",
    "overlap": "once",
    "cap_reached": "cap",
}
ORDER = ("period", "role", "proof", "signatures", "length", "rate", "once", "cap")


@dataclass(frozen=True)
class Step:
    """One step: ok, wait (somebody can still do something) or bad; a sentence; where it comes from."""

    kind: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class Why:
    """A funding line's decision about one line of the ledger."""

    funding_line: str
    decision: PersonMonth
    counted: int
    line: DecisionLine | None
    steps: list[Step]
    currency: str
    is_decided: bool


def shown_refusal(refusal: DecisionRefusal, own_programme: str, may_see: Collection[str] | None) -> str:
    """The refusal as a sentence; `may_see` are programme codes the reader works in, None is the person herself."""
    facts = dict(refusal.facts)
    if may_see is not None and "with" in facts:
        facts["with"] = list(map(_open_source(own_programme, may_see), facts["with"]))
    return explain({"reason": refusal.reason, "facts": facts}, get_language() or "en")


def _open_source(own_programme: str, may_see: Collection[str]) -> Any:
    def opened(source: dict[str, Any]) -> dict[str, Any]:
        programme = source.get("programme")
        return source if programme == own_programme or programme in may_see else {}

    return opened


def why(
    entry: HourEntry,
    decision: PersonMonth,
    line: DecisionLine | None,
    refusals: Collection[DecisionRefusal],
    *,
    signatures: Collection[Attestation],
    may_see: Collection[str] | None,
) -> Why:
    """Explain one funding line's decision about one entry."""
    counted = int(line.entries.get(str(entry.pk), 0)) if line else 0
    rules = _rules(decision)
    steps = [_presence_step(entry)]
    if rules is None:
        said = decision.problem or _("Nobody has judged this yet. It is done within minutes.")
        return Why(
            str(decision.funding_line), decision, counted, line, [*steps, Step("wait", said)], "", False
        )
    hit = {STEP_OF.get(refusal.reason, "cap"): refusal for refusal in refusals}
    for name in ORDER:
        refusal = hit.get(name)
        if refusal:
            steps.append(_refused(refusal, entry, may_see))
            if refusal.minutes >= entry.minutes:
                break
        elif passed := _passed(name, entry, rules, signatures):
            steps.append(passed)
    is_decided = decision.judged_at is not None and not decision.is_stale
    return Why(str(decision.funding_line), decision, counted, line, steps, rules.currency, is_decided)


def _rules(decision: PersonMonth) -> RuleSet | None:
    if decision.rule_set is None:
        return None
    try:
        return rules_of(decision.rule_set)
    except Malformed:
        return None


def _refused(refusal: DecisionRefusal, entry: HourEntry, may_see: Collection[str] | None) -> Step:
    kind = "wait" if refusal.reason in ("not_attested", "evidence_too_weak", "no_rate") else "bad"
    text = shown_refusal(refusal, entry.programme.code, may_see)
    return Step(kind, text, _("%(hours)s of this do not count") % {"hours": words.hours(refusal.minutes)})


def _presence_step(entry: HourEntry) -> Step:
    facts = {
        "start": f"{entry.starts_local:%H:%M}",
        "end": f"{entry.ends_local:%H:%M}",
        "hours": words.hours(entry.minutes),
    }
    marked_by = entry.attendance.marked_by
    source = _("Marked by %(name)s") % {"name": shown_name(marked_by)} if marked_by else _("From the sheet")
    return Step("ok", _("Here from %(start)s to %(end)s: %(hours)s.") % facts, source)


def _passed(name: str, entry: HourEntry, rules: RuleSet, signatures: Collection[Attestation]) -> Step | None:
    match name:
        case "period":
            years = f"{entry.programme.starts.year}–{entry.programme.ends.year}"
            return Step(
                "ok", _("The day lies inside the programme, %(years)s.") % {"years": years}, rules.reference
            )
        case "role":
            return Step("ok", _role(entry), _role_source(rules))
        case "proof":
            asked = EvidenceKind(rules.minimum_evidence).label
            said = _("Proof: %(kind)s.") % {"kind": EvidenceKind(entry.evidence).label}
            return Step("ok", said, _("Asked for at least: %(kind)s") % {"kind": asked})
        case "signatures":
            return _signature_step(rules, signatures)
        case "rate":
            per_hour = rules.per_hour_on(entry.category, entry.starts_local.date().toordinal())
            if per_hour is None:
                return None
            money = words.money(per_hour, rules.currency)
            return Step("ok", _("An hour is worth %(money)s.") % {"money": money}, rules.reference)
        case "once":
            return Step("ok", _("Nobody else counts the same minutes."), _("Ledger"))
        case "length" if rules.minimum_minutes or rules.minimum_share is not None or rules.minimum_group > 1:
            return Step("ok", _("Long enough, and enough of the course."), rules.reference)
        case "cap" if rules.caps:
            return Step("ok", _("Under the cap of hours."), rules.reference)
    return None


def _role(entry: HourEntry) -> str:
    known = entry.employment in AffiliationRole.values
    role = AffiliationRole(entry.employment).label if known else _("Participant")
    if entry.organisation and not entry.person.is_protected:
        return _("%(role)s at %(organisation)s.") % {"role": role, "organisation": entry.organisation}
    return _("%(role)s.") % {"role": role}


def _role_source(rules: RuleSet) -> str:
    return _("Every role counts") if rules.eligible_employment is None else _("This role counts")


def _signature_step(rules: RuleSet, signatures: Collection[Attestation]) -> Step | None:
    if rules.attestation == "none":
        return None
    both = rules.attestation == "person_and_employer"
    said = _("Confirmed by the person and by the employer.") if both else _("Confirmed by the person.")
    return Step("ok", said, "; ".join(signed(signature) for signature in signatures))


def signed(signature: Attestation) -> str:
    """How and when a signature was given."""
    when = f"{words.day(signature.signed_at, weekday=False)} {words.clock(signature.signed_at)}"
    return f"{signature.get_method_display()}, {when}"

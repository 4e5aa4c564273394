"""Writing programmes, their team, partners, money and enrolments."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.directory.models import Organisation
from samverk.kit.acting import Actor, Refusal
from samverk.programmes.models import (
    Component,
    Enrolment,
    FundingLine,
    LineRules,
    PartnerRole,
    Programme,
    RuleSet,
    SavedView,
    TeamSeat,
)
from samverk.trail.commands import log

# It stands in addresses and file names.
CODE = re.compile(r"[\w-]{1,12}")
RULE_SETS = Path(__file__).parent / "rule_sets"


def create_programme(
    code: str, *, name: str, starts: date, ends: date, language: str, country: str, by: Actor, **fields: Any
) -> Programme:
    """Add a programme and seat whoever makes it as its coordinator."""
    if ends < starts:
        raise Refusal(_("The last day is before the first. Change one of them."), code="period", field="ends")
    if not CODE.fullmatch(code.upper()):
        raise Refusal(
            _("Write the code with at most 12 letters, digits and dashes."), code="code_letters", field="code"
        )
    if Programme.objects.filter(code__iexact=code).exists():
        raise Refusal(
            _("Another programme has this code. Choose another one."), code="same_code", field="code"
        )
    with transaction.atomic():
        programme = Programme.objects.create(
            code=code.upper(),
            name=name,
            starts=starts,
            ends=ends,
            language=language,
            country=country,
            **fields,
        )
        log("create", programme, by=by, scope=programme.scope, changed=["code", "name", "starts", "ends"])
        if by.person is not None:
            give_seat(programme, by.person, "coordinator", by=by)
        return programme


def edit_programme(programme: Programme, *, by: Actor, **fields: Any) -> Programme:
    """Change fields of a programme; only those that differ are written and logged."""
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get(pk=programme.pk)
        changed = [name for name, value in fields.items() if getattr(programme, name) != value]
        for name in changed:
            setattr(programme, name, fields[name])
        if programme.ends < programme.starts:
            raise Refusal(
                _("The last day is before the first. Change one of them."), code="period", field="ends"
            )
        if changed:
            programme.save(update_fields=changed)
            log("edit", programme, by=by, scope=programme.scope, changed=changed)
        return programme


def add_component(programme: Programme, code: str, name: str, *, by: Actor, position: int = 0) -> Component:
    """Add a part of a programme."""
    if programme.components.filter(code=code).exists():
        raise Refusal(
            _("The programme has a part with this code. Choose another one."), code="same_code", field="code"
        )
    with transaction.atomic():
        component = Component.objects.create(programme=programme, code=code, name=name, position=position)
        log("add_component", programme, by=by, scope=programme.scope, changed=["components"])
        return component


def add_partner_role(
    programme: Programme,
    organisation: Organisation,
    kind: str,
    *,
    by: Actor,
    note: str = "",
    position: int = 0,
) -> PartnerRole:
    """Say what an organisation is in a programme; it may be several things."""
    with transaction.atomic():
        role, made = PartnerRole.objects.get_or_create(
            programme=programme,
            organisation=organisation,
            kind=kind,
            defaults={"note": note, "position": position},
        )
        if made:
            log("add_partner_role", programme, by=by, scope=programme.scope, changed=["partner_roles"])
        return role


def give_seat(
    programme: Programme,
    person: Any,
    role: str,
    *,
    by: Actor,
    organisation: Organisation | None = None,
    sees_protected: bool = False,
    starts: date | None = None,
    ends: date | None = None,
) -> TeamSeat:
    """Seat a person in the team. An ended seat of the same role opens again."""
    with transaction.atomic():
        seat, _made = TeamSeat.objects.update_or_create(
            programme=programme,
            person=person,
            role=role,
            defaults={
                "organisation": organisation,
                "sees_protected": sees_protected,
                "starts": starts,
                "ends": ends,
            },
        )
        log("give_seat", seat, by=by, scope=programme.scope, changed=["role"])
        return seat


def end_seat(seat: TeamSeat, *, by: Actor) -> TeamSeat:
    """End a seat today's eve. The last coordinator cannot leave."""
    today = timezone.localdate()
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=seat.programme_id)
        others = (
            TeamSeat.objects.on(today)
            .filter(programme=seat.programme_id, role="coordinator")
            .exclude(pk=seat.pk)
        )
        if seat.role == "coordinator" and not others.exists():
            raise Refusal(
                _("A programme needs a coordinator. Seat somebody else first."), code="last_coordinator"
            )
        seat.ends = today - timedelta(days=1)
        seat.save(update_fields=["ends"])
        log("end_seat", seat, by=by, scope=seat.programme.scope, changed=["ends"])
        return seat


def add_funding_line(
    programme: Programme,
    code: str,
    name: str,
    *,
    by: Actor,
    rule_set: RuleSet | None = None,
    funder: Organisation | None = None,
    amount: Decimal | None = None,
    to_prove: Decimal | None = None,
) -> FundingLine:
    """Add money with conditions; the rule set holds for the programme's period."""
    with transaction.atomic():
        line = FundingLine.objects.create(
            programme=programme, code=code, name=name, funder=funder, amount=amount, to_prove=to_prove
        )
        if rule_set is not None:
            follow_rules(line, rule_set, valid_from=programme.starts, by=by)
        log("add_funding_line", programme, by=by, scope=programme.scope, changed=["funding_lines"])
        return line


def follow_rules(line: FundingLine, rule_set: RuleSet, *, valid_from: date, by: Actor) -> LineRules:
    """From a day on, the line follows a rule set; the one before ends the day before."""
    with transaction.atomic():
        FundingLine.objects.select_for_update().get(pk=line.pk)
        if line.line_rules.filter(valid_from__gte=valid_from).exists():
            raise Refusal(
                _("Rules from that day or later stand already."), code="rules_later", field="valid_from"
            )
        day_before = valid_from - timedelta(days=1)
        line.line_rules.filter(valid_to=None).update(valid_to=day_before)
        rules = LineRules.objects.create(funding_line=line, rule_set=rule_set, valid_from=valid_from)
        log("follow_rules", line, by=by, scope=line.programme.scope, changed=["line_rules"])
        return rules


def load_rule_sets(*, by: Actor) -> list[RuleSet]:
    """Take the shipped rule sets in; a version that is there already is left as it is."""
    loaded = []
    for path in sorted(RULE_SETS.glob("*.toml")):
        with path.open("rb") as file:
            shipped = tomllib.load(file)
        document = json.loads(json.dumps(shipped["rule_set"], default=str))
        rule_set, made = RuleSet.objects.get_or_create(
            code=document["code"],
            version=document["version"],
            defaults={
                "name": shipped["name"],
                "document": document,
                "valid_from": date.fromisoformat(document["valid_from"]),
                "valid_to": date.fromisoformat(document["valid_to"]) if document.get("valid_to") else None,
                "source": shipped.get("source", ""),
                "how_sure": shipped.get("how_sure", "")[:200],
                "shipped": True,
            },
        )
        if made:
            log("load_rule_set", rule_set, by=by, changed=["document"])
        loaded.append(rule_set)
    return loaded


def enrol_organisation(
    programme: Programme, organisation: Organisation, *, starts: date, by: Actor
) -> Enrolment:
    """Take an organisation into a programme. Once in, it is not taken in twice."""
    return _enrol(programme, organisation=organisation, person=None, starts=starts, by=by)


def enrol_person(
    programme: Programme, person: Any, *, starts: date, by: Actor, organisation: Organisation | None = None
) -> Enrolment:
    """Take a person into a programme, directly or through an organisation."""
    return _enrol(programme, organisation=organisation, person=person, starts=starts, by=by)


def _enrol(programme: Programme, *, organisation: Any, person: Any, starts: date, by: Actor) -> Enrolment:
    if not programme.starts <= starts <= programme.ends:
        raise Refusal(
            _("The first day is outside the programme's period."), code="outside_period", field="starts"
        )
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        open_already = Enrolment.objects.filter(
            programme=programme, organisation=organisation, person=person, ends=None
        ).first()
        if open_already:
            return open_already
        enrolment = Enrolment.objects.create(
            programme=programme, organisation=organisation, person=person, starts=starts
        )
        log("enrol", enrolment, by=by, scope=programme.scope, changed=["starts"])
        return enrolment


def end_enrolment(enrolment: Enrolment, *, ends: date, because: str, by: Actor) -> Enrolment:
    """Somebody leaves the programme; what was done until then stands."""
    if ends < enrolment.starts:
        raise Refusal(_("The last day is before the first. Change it."), code="period", field="ends")
    with transaction.atomic():
        enrolment.ends, enrolment.ended_because = ends, because
        enrolment.save(update_fields=["ends", "ended_because"])
        log(
            "end_enrolment",
            enrolment,
            by=by,
            scope=enrolment.programme.scope,
            changed=["ends"],
            reason=because,
        )
        return enrolment


def save_view(
    person: Any, list_name: str, *, name: str, query: str, by: Actor, programme: Programme | None = None
) -> SavedView:
    """Keep a list's search and filter under a name; the same name replaces what stood there."""
    if not name.strip():
        raise Refusal(_("Write a name for the view."), code="no_name", field="name")
    with transaction.atomic():
        view, _made = SavedView.objects.update_or_create(
            person=person,
            list_name=list_name,
            name=name.strip()[:60],
            defaults={"query": query[:1000], "programme": programme},
        )
        log("save_view", view, by=by, scope=f"person:{person.code}", changed=["name", "query"])
        return view


def forget_view(view: SavedView, *, by: Actor) -> None:
    """Remove one's own saved view."""
    with transaction.atomic():
        log("forget_view", view, by=by, scope=f"person:{view.person.code}", changed=["name"])
        view.delete()

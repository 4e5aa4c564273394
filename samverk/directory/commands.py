"""Writing single organisations, affiliations and mandates. Imports and merges have files of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.directory.choices import MandateScope, Sector
from samverk.directory.identifiers import normalise
from samverk.directory.models import Affiliation, Identifier, Mandate, Organisation
from samverk.directory.permissions import may_act_for
from samverk.kit.acting import Actor, Refusal
from samverk.trail.commands import log

SCOPE = "directory"
EDITABLE = (
    "name", "short_name", "sector", "legal_form", "founded", "size", "street", "postcode", "place",
    "municipality_code", "region", "country", "email", "phone", "web", "themes", "languages", "description",
    "language", "is_public",
)  # fmt: skip


def create_organisation(
    name: str, *, by: Actor, identifiers: Mapping[str, str] | None = None, **fields: Any
) -> Organisation:
    """Add an organisation. ``identifiers`` maps scheme to the number as typed.

    Raises Refusal ``same_number`` when a living organisation has one of the numbers.
    """
    _only_known(fields)
    with transaction.atomic():
        organisation = Organisation(name=" ".join(name.split()), **fields)
        if not organisation.name:
            raise Refusal(_("Write the organisation's name."), code="no_name", field="name")
        organisation.write_keys()
        organisation.save()
        for scheme, typed in (identifiers or {}).items():
            set_identifier(organisation, scheme, typed, by=by)
        log("create", organisation, by=by, scope=SCOPE, changed=["name", *fields])
        return organisation


def edit_organisation(organisation: Organisation, *, by: Actor, **fields: Any) -> Organisation:
    """Change fields of an organisation; only those that differ are written and logged."""
    _only_known(fields)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changed = [name for name, value in fields.items() if getattr(organisation, name) != value]
        before = {name: getattr(organisation, name) for name in changed}
        for name in changed:
            setattr(organisation, name, fields[name])
        if not organisation.name.strip():
            raise Refusal(_("Write the organisation's name."), code="no_name", field="name")
        if changed:
            organisation.write_keys()
            organisation.save()
            log(
                "edit", organisation, by=by, scope=SCOPE, changed=changed,
                undo_with="directory.restore_organisation", undo_facts=before,
            )  # fmt: skip
        return organisation


def restore_organisation(organisation_id: int, before: dict[str, Any], by: Actor) -> None:
    """The reverse of edit_organisation: put back the values that stood before."""
    edit_organisation(Organisation.objects.get(pk=organisation_id), by=by, **before)


def archive_organisation(organisation: Organisation, *, by: Actor) -> Organisation:
    """Take an organisation out of lists and search; nothing that stands on it changes."""
    with transaction.atomic():
        organisation.archived_at = timezone.now()
        organisation.save(update_fields=["archived_at"])
        log(
            "archive", organisation, by=by, scope=SCOPE, changed=["archived_at"],
            undo_with="directory.unarchive_organisation",
        )  # fmt: skip
        return organisation


def unarchive_organisation(organisation_id: int, facts: dict[str, Any], by: Actor) -> None:
    """The reverse of archive_organisation."""
    organisation = Organisation.objects.get(pk=organisation_id)
    organisation.archived_at = None
    organisation.save(update_fields=["archived_at"])
    log("unarchive", organisation, by=by, scope=SCOPE, changed=["archived_at"])


def set_identifier(
    organisation: Organisation, scheme: str, typed: str, *, by: Actor, missing_because: str = ""
) -> Identifier:
    """Keep a number as typed, with its normalised form and how it was checked; or why it is missing."""
    with transaction.atomic():
        found = normalise(scheme, typed) if typed else None
        value = found.value if found else ""
        if found and found.is_valid and _somebody_else_has(organisation, scheme, value):
            raise Refusal(
                _("Another organisation has the number %(number)s. Open that one instead.")
                % {"number": value},
                code="same_number",
                field=scheme,
            )
        identifier, _made = Identifier.objects.update_or_create(
            organisation=organisation,
            scheme=scheme,
            defaults={
                "typed": typed,
                "value": value,
                "is_valid": bool(found and found.is_valid),
                "is_personal": bool(found and found.is_personal),
                "missing_because": missing_because,
                "checked_how": "check_digit" if found else "",
                "checked_at": timezone.now() if found else None,
            },
        )
        log("set_identifier", organisation, by=by, scope=SCOPE, changed=[scheme])
        return identifier


def _somebody_else_has(organisation: Organisation, scheme: str, value: str) -> bool:
    others = Identifier.objects.filter(scheme=scheme, value=value, organisation__merged_into=None)
    return others.exclude(organisation=organisation).exclude(organisation__is_hidden=True).exists()


def add_affiliation(
    person: Any,
    organisation: Organisation,
    role: str,
    *,
    by: Actor,
    starts: date | None = None,
    ends: date | None = None,
    title: str = "",
    contract_share: Any = 1,
    confirmed: bool = False,
) -> Affiliation:
    """Record a dated role; it is a claim until confirmed."""
    with transaction.atomic():
        affiliation = Affiliation.objects.create(
            person=person,
            organisation=organisation,
            role=role,
            title=title,
            starts=starts,
            ends=ends,
            contract_share=contract_share,
            confirmed_at=timezone.now() if confirmed else None,
            confirmed_by=by.person if confirmed else None,
        )
        log("add_affiliation", organisation, by=by, scope=SCOPE, changed=["affiliations"])
        return affiliation


def confirm_affiliation(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    """A mandated person or a coordinator says that the role is true. Nobody confirms her own."""
    is_own = by.person is not None and by.person.pk == affiliation.person_id
    if is_own and not may_act_for(by.person, affiliation.organisation, MandateScope.REGISTER_COLLEAGUES):
        raise Refusal(_("Somebody else must confirm your own role."), code="own_role")
    with transaction.atomic():
        affiliation.confirmed_at, affiliation.confirmed_by = timezone.now(), by.person
        affiliation.save(update_fields=["confirmed_at", "confirmed_by"])
        log("confirm_affiliation", affiliation, by=by, scope=SCOPE, changed=["confirmed_at"])
        return affiliation


def end_affiliation(affiliation: Affiliation, *, ends: date, by: Actor) -> Affiliation:
    """Links end; they are never deleted."""
    with transaction.atomic():
        affiliation.ends = ends
        affiliation.save(update_fields=["ends"])
        log("end_affiliation", affiliation, by=by, scope=SCOPE, changed=["ends"])
        return affiliation


def give_mandate(
    organisation: Organisation,
    person: Any,
    scopes: Iterable[str],
    *,
    by: Actor,
    starts: date | None = None,
    ends: date | None = None,
    is_deputy: bool = False,
) -> Mandate:
    """Let a person act for an organisation within scopes, from day to day."""
    chosen = [scope for scope in MandateScope.values if scope in set(scopes)]
    if not chosen:
        raise Refusal(_("Choose what the person may do."), code="no_scope", field="scopes")
    if organisation.sector == Sector.INFORMAL_GROUP and MandateScope.CONFIRM_HOURS in chosen:
        raise Refusal(
            _("An informal group employs nobody, so nobody confirms hours for it."), code="no_employer"
        )
    with transaction.atomic():
        mandate = Mandate.objects.create(
            organisation=organisation,
            person=person,
            scopes=chosen,
            starts=starts,
            ends=ends,
            is_deputy=is_deputy,
            given_by=by.person,
        )
        log("give_mandate", organisation, by=by, scope=SCOPE, changed=["mandates"])
        return mandate


def end_mandate(mandate: Mandate, *, ends: date, by: Actor) -> Mandate:
    """End a right to act; what was done under it stands."""
    with transaction.atomic():
        mandate.ends = ends
        mandate.save(update_fields=["ends"])
        log("end_mandate", mandate.organisation, by=by, scope=SCOPE, changed=["mandates"])
        return mandate


def _only_known(fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise TypeError(f"an organisation has no field {', '.join(sorted(unknown))}")

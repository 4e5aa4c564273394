"""The fields that an activity's conditions ask for: where somebody lives, from what, in which role, as what she comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samverk.activities.admission_rules import ELSEWHERE
from samverk.activities.choices import ComesAs
from samverk.activities.models import Activity, Cohort, Pool
from samverk.directory.choices import AffiliationRole, Sector
from samverk.directory.regions import is_within, places_within, region_codes, regions_of_organisation
from samverk.kit import words
from samverk.kit.forms import Hinted

WISH = "wish_"
CONDITIONS = ("comes_as", "cohort", "region", "sector", "role")


def condition_fields(
    activity: Activity,
    *,
    person: Any = None,
    known: Sequence[Any] = (),
    has_role: bool = False,
) -> dict[str, forms.Field]:
    """Fields by name, in their order. What is known of a person or of her organisations is not asked.

    Where only the invited may come, the invitation is the only condition, so nothing else is asked.
    """
    fields: dict[str, forms.Field] = {}
    if getattr(activity, "offers_roles", False):
        fields["comes_as"] = _comes_as(activity)
    if activity.asks_cohort and activity.cohort_of:
        fields["cohort"] = _cohort(activity)
    elif activity.asks_wishes and activity.cohort_of:
        fields |= _wishes(activity)
    if activity.only_invited:
        return fields
    if activity.regions and not _is_known_within(activity, person, known):
        fields["region"] = _region(activity)
    if activity.target_sectors:
        fields["sector"] = forms.ChoiceField(
            label=_("What kind of organisation is it?"), required=False,
            help_text=_("Only if we do not know the organisation."),
            choices=[("", _("Not said")), *Sector.choices],
        )  # fmt: skip
    if activity.target_roles and not has_role:
        fields["role"] = forms.ChoiceField(
            label=_("You are there"), required=person is None,
            choices=[("", _("Choose one")), *AffiliationRole.choices],
            error_messages={"required": gettext_lazy("Choose what you are in the organisation")},
        )  # fmt: skip
    return fields


def _is_known_within(activity: Activity, person: Any, known: Sequence[Any]) -> bool:
    places = [region_codes(person.place)] if person is not None else []
    places += [regions_of_organisation(organisation) for organisation in known]
    return any(is_within(codes, activity.regions) for codes in places)


def _region(activity: Activity) -> forms.ChoiceField:
    within: list[tuple[str, Any]] = list(places_within(activity.regions))
    if len(within) == 1:
        within = within[0][1]
    return forms.ChoiceField(
        label=_("Where do you live or work?"),
        choices=[("", _("Choose one")), *within, (ELSEWHERE, _("Somewhere else"))],
        error_messages={"required": gettext_lazy("Choose where you live or work")},
    )


def _comes_as(activity: Activity) -> forms.ChoiceField:
    """Participant, and the roles people may choose themselves, each with its places."""
    choices: list[tuple[str, Any]] = [(ComesAs.PARTICIPANT, ComesAs.PARTICIPANT.label)]
    choices += [
        (quota.comes_as, Hinted(quota.get_comes_as_display(), _places(activity, quota.pool)))
        for quota in activity.quota_of.values()
        if quota.is_chosen
    ]
    return forms.ChoiceField(
        label=_("You come as"), choices=choices, initial=ComesAs.PARTICIPANT, widget=forms.RadioSelect
    )


def _cohort(activity: Activity) -> forms.TypedChoiceField:
    """The groups, each with where it is and the places it has."""
    groups = {one.code: one for one in activity.cohort_of.values()}
    choices = [
        (
            code,
            Hinted(one.name, ". ".join(filter(None, [one.place, _places(activity, _pool(activity, one))]))),
        )
        for code, one in groups.items()
    ]
    return forms.TypedChoiceField(
        label=_("Your group"), choices=choices, coerce=groups.__getitem__, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose your group")},
    )  # fmt: skip


def _wishes(activity: Activity) -> dict[str, forms.Field]:
    """Up to three groups, best first; fewer where there are fewer."""
    groups = {one.code: one for one in activity.cohort_of.values()}
    labels = (_("Your first wish"), _("Your second wish"), _("Your third wish"))
    named = [(code, f"{one.name}, {one.place}" if one.place else one.name) for code, one in groups.items()]
    choices = [("", _("Choose one")), *named]
    return {
        f"{WISH}{number}": forms.TypedChoiceField(
            label=label, required=number == 1, choices=choices, coerce=groups.__getitem__, empty_value=None,
            help_text=_("We try to give everybody a good wish, and write to you when it is decided.")
            if number == 1
            else "",
        )
        for number, label in enumerate(labels[: len(groups)], start=1)
    }  # fmt: skip


def wishes_of(values: dict[str, Any]) -> list[int]:
    """Ids of the groups that were ranked, each once."""
    named = (values.get(f"{WISH}{number}") for number in (1, 2, 3))
    return list(dict.fromkeys(cohort.pk for cohort in named if cohort is not None))


def _pool(activity: Activity, cohort: Cohort) -> Pool:
    return activity.pool_of(ComesAs.PARTICIPANT, cohort.pk)


def _places(activity: Activity, pool: Pool) -> str:
    if pool.places is None:
        return ""
    left = pool.left or 0
    if left:
        return ngettext("%(number)s place left", "%(number)s places left", left) % {
            "number": words.number(left)
        }
    return _("Full, you can stand on the waiting list") if activity.has_waiting_list else _("Full")

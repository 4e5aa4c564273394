"""Who may come to an activity: by invitation, enrolled, so many from one organisation, of a region, of a target group.

Each condition says in one sentence for whom the activity is; that sentence stands on its page and in a refusal.
Whoever is invited meets the first four by the invitation itself. Approval is a coordinator's and no condition.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from samverk.activities.choices import Decision, RegistrationState
from samverk.activities.models import Activity, Invitation, Registration
from samverk.directory.choices import AffiliationRole, Sector
from samverk.directory.regions import is_within, region_name
from samverk.kit.acting import Refusal

# What somebody says who lives and works in none of the regions.
ELSEWHERE = "else"
# Several kinds or roles in one sentence, as plural: "for associations and foundations".
SECTORS = {
    Sector.ASSOCIATION: gettext_lazy("associations"),
    Sector.FOUNDATION: gettext_lazy("foundations"),
    Sector.SOCIAL_ENTERPRISE: gettext_lazy("social enterprises"),
    Sector.PUBLIC_BODY: gettext_lazy("public bodies"),
    Sector.COMPANY: gettext_lazy("companies"),
    Sector.EDUCATION: gettext_lazy("schools and universities"),
    Sector.INFORMAL_GROUP: gettext_lazy("informal groups"),
}
ROLES = {
    AffiliationRole.EMPLOYEE: gettext_lazy("employees"),
    AffiliationRole.BOARD: gettext_lazy("board members"),
    AffiliationRole.LEADER: gettext_lazy("leaders"),
    AffiliationRole.VOLUNTEER: gettext_lazy("volunteers"),
    AffiliationRole.MEMBER: gettext_lazy("members"),
}


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody who wants to come, gathered only as far as the activity asks."""

    is_invited: bool = False
    is_enrolled: bool = False
    # Codes of regions: of herself as she says or is known, and of the organisation she comes for.
    places: tuple[frozenset[str], ...] = ()
    sector: str = ""
    role: str = ""
    # How many others of the same organisation have or want a place.
    colleagues: int = 0


def admission_refusal(activity: Activity, candidate: Candidate) -> Refusal | None:
    """Why this activity is not for her, or None."""
    if refusal := crowd_refusal(activity, candidate.colleagues):
        return refusal
    if candidate.is_invited:
        return None
    if activity.only_invited:
        return Refusal(
            _("This activity is by invitation, and we find no invitation for you."), code="not_invited"
        )
    if activity.only_enrolled and not candidate.is_enrolled:
        return Refusal(enrolled_words(activity), code="not_enrolled", field="organisation")
    return _region_refusal(activity, candidate) or _target_refusal(activity, candidate)


def crowd_refusal(activity: Activity, colleagues: int) -> Refusal | None:
    """Why no more can come from this organisation, or None."""
    if activity.per_organisation is None or colleagues < activity.per_organisation:
        return None
    return Refusal(
        f"{crowd_words(activity)} {_('So many are registered from yours already.')}",
        code="too_many_colleagues",
        field="organisation",
    )


def _region_refusal(activity: Activity, candidate: Candidate) -> Refusal | None:
    """One place within is enough: her own or her organisation's. Nothing known is a question, not a no."""
    if not activity.regions:
        return None
    answers = {is_within(codes, activity.regions) for codes in candidate.places}
    if True in answers:
        return None
    if False in answers:
        return Refusal(region_words(activity), code="outside_region", field="region")
    return Refusal(
        f"{region_words(activity)} {_('Say where you live or work.')}",
        code="region_unknown",
        field="region",
    )


def _target_refusal(activity: Activity, candidate: Candidate) -> Refusal | None:
    if activity.target_sectors and candidate.sector not in activity.target_sectors:
        asks = _("Say what kind of organisation yours is.")
        return _not_in_group(sector_words(activity), "sector", candidate.sector, asks)
    if activity.target_roles and candidate.role not in activity.target_roles:
        return _not_in_group(role_words(activity), "role", candidate.role, _("Say what you are there."))
    return None


def _not_in_group(words: str, field: str, said: str, asks: str) -> Refusal:
    """Another group is a no; nothing said is a question."""
    if said:
        return Refusal(words, code="not_target_group", field=field)
    return Refusal(f"{words} {asks}", code=f"{field}_unknown", field=field)


# ---------- in words ----------


def enrolled_words(activity: Activity) -> str:
    return _("This activity is for those enrolled in %(programme)s.") % {"programme": activity.programme}


def region_words(activity: Activity) -> str:
    """For whom by place, with the names of the regions."""
    names = {"regions": _listed([region_name(code) for code in activity.regions])}
    return _("This activity is for people and organisations in %(regions)s.") % names


def sector_words(activity: Activity) -> str:
    kinds = [str(SECTORS[Sector(one)]) for one in activity.target_sectors if one in Sector.values]
    return _("This activity is for people from %(kinds)s.") % {"kinds": _listed(kinds)}


def role_words(activity: Activity) -> str:
    roles = [
        str(ROLES[AffiliationRole(one)]) for one in activity.target_roles if one in AffiliationRole.values
    ]
    return _("This activity is for %(roles)s.") % {"roles": _listed(roles)}


def crowd_words(activity: Activity) -> str:
    most = activity.per_organisation or 0
    return ngettext(
        "At most %(number)s person comes from each organisation.",
        "At most %(number)s people come from each organisation.",
        most,
    ) % {"number": most}


def admission_words(activity: Activity) -> list[str]:
    """For whom the activity is, one sentence for each condition; empty where everybody may come."""
    conditions = [
        (activity.only_invited, lambda: _("By invitation only.")),
        (activity.only_enrolled, lambda: enrolled_words(activity)),
        (activity.regions, lambda: region_words(activity)),
        (activity.target_sectors, lambda: sector_words(activity)),
        (activity.target_roles, lambda: role_words(activity)),
        (activity.per_organisation, lambda: crowd_words(activity)),
        (activity.needs_approval, lambda: _("The organiser answers each registration.")),
    ]
    return [words() for asked, words in conditions if asked]


def _listed(names: list[str]) -> str:
    """One, two and three as a sentence has them."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


# ---------- approval and invitations ----------


def waits_for_answer(registration: Registration) -> bool:
    """Whether a coordinator must say yes before she gets a place or stands in the queue."""
    asks = registration.activity.needs_approval and registration.invitation_id is None
    return asks and registration.decision != Decision.APPROVED


def deciding_refusal(registration: Registration) -> Refusal | None:
    """Why nobody can answer this registration now, or None. A no may become a yes."""
    if registration.state not in (RegistrationState.APPLIED, RegistrationState.DECLINED):
        return Refusal(_("This registration asks for no answer."), code="not_asking")
    return None


def invitation_refusal(invitation: Invitation) -> Refusal | None:
    """Why this invitation no longer holds, or None."""
    if invitation.withdrawn_at is None:
        return None
    return Refusal(_("This invitation has been taken back."), code="withdrawn")

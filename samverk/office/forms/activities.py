from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samverk.activities.choices import ActivityKind, Adjustment
from samverk.activities.commands.session_places import Cards
from samverk.activities.models import Activity, Cohort, Session
from samverk.activities.patterns import day_of_end
from samverk.activities.sheet_rules import times_refusal
from samverk.asking.forms import Questionnaire
from samverk.directory.choices import AffiliationRole
from samverk.directory.models import Room, Venue
from samverk.kit.acting import Refusal
from samverk.kit.choices import Language
from samverk.kit.forms import FilterForm, Form, ModelForm
from samverk.kit.wall_clock import moment_of
from samverk.office.forms.attendance import ClockField
from samverk.people.models import Person
from samverk.people.rules import shown_name
from samverk.programmes.models import Programme, TeamSeat

ZONES = [
    "Europe/Stockholm", "Europe/Warsaw", "Europe/Berlin", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki",
    "Europe/London", "Europe/Vilnius", "Europe/Riga", "Europe/Tallinn", "Europe/Kyiv",
]  # fmt: skip


# Hours before the start from which a link is shown: where nobody says, and at most.
LINK_HOURS, LONGEST_LINK = 24, 336


class ActivityFilter(FilterForm):
    q = forms.CharField(
        label=_("Title, venue or place"), required=False, widget=forms.TextInput({"type": "search"})
    )
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *ActivityKind.choices])

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["programme"]
        field.queryset = programmes


class PeopleField(forms.ModelMultipleChoiceField):
    """People by name; somebody with protected identity by alias."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as beyond:
            # A number larger than SQLite counts is nobody's.
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from beyond

    def label_from_instance(self, obj: Person) -> str:
        return shown_name(obj)


class ActivityForm(ModelForm):
    """An activity: first what everybody asks, then what some need."""

    FIRST = (
        "title", "kind", "language", "component", "format", "venue_card", "venue", "place", "capacity", "audience",
    )  # fmt: skip
    leaders = PeopleField(
        label=_("Who leads"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They take attendance, too."),
    )

    adjustments = forms.MultipleChoiceField(
        label=_("Adjustments you offer"), required=False, choices=Adjustment.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("They stand on the public page, with whom to ask."),
    )  # fmt: skip

    class Meta:
        model = Activity
        fields = [
            "title", "kind", "language", "component", "format", "venue_card", "venue", "place", "capacity", "audience", "summary",
            "description", "for_whom", "take_home", "beneficiary", "address", "access", "adjustments", "online_link", "link_hours", "price",
            "contact_name", "contact_phone", "contact_email", "has_waiting_list", "takes_registrations", "opens_at", "closes_at",
        ]  # fmt: skip
        widgets = {
            "description": forms.Textarea({"rows": 5}),
            "opens_at": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "closes_at": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "capacity": forms.NumberInput({"min": 1, "inputmode": "numeric"}),
            "link_hours": forms.NumberInput({"min": 0, "max": 336, "inputmode": "numeric"}),
        }
        labels = {"venue_card": _("Card of a venue")}
        help_texts = {
            "venue_card": _("It fills venue, address and access. What you type yourself stands."),
            "online_link": _("Only those who have a place see it, shortly before."),
            "link_hours": _("Until then nobody sees it."),
            "capacity": _("Empty means: as many as like."),
            "summary": _("Stands in the calendar and in mails."),
            "access": _("Steps, lift, hearing loop, toilet."),
            "contact_email": _("Answers to mails about the activity go here."),
        }
        error_messages = {"title": {"required": _("Write a title.")}}

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        component: Any = self.fields["component"]
        component.queryset, component.empty_label = programme.components.all(), _("None")
        card: Any = self.fields["venue_card"]
        in_use = Q(archived_at=None) | Q(pk=self.instance.venue_card_id)
        card.queryset, card.empty_label = Venue.objects.filter(in_use).order_by("sort_key", "pk"), _("None")
        self.fields["format"].required = False
        hours: Any = self.fields["link_hours"]
        hours.required, hours.max_value = False, LONGEST_LINK
        hours.validators.append(MaxValueValidator(LONGEST_LINK))
        team = TeamSeat.objects.filter(programme=programme).values("person")
        people: Any = self.fields["leaders"]
        leading = (
            self.instance.leaders.values("person")
            if self.instance.pk
            else TeamSeat.objects.none().values("person")
        )
        everybody = Person.objects.alive()
        people.queryset = (everybody.filter(pk__in=team) | everybody.filter(pk__in=leading)).order_by(
            "sort_key"
        )
        if self.instance.pk:
            self.initial["leaders"] = [leader.person_id for leader in self.instance.leaders.all()]

    @property
    def first(self) -> list[Any]:
        return [self[name] for name in self.FIRST]

    @property
    def further(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def has_further_errors(self) -> bool:
        return any(name not in self.FIRST for name in self.errors)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        opens, closes = values.get("opens_at"), values.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Registration closes before it opens. Change one of them."))
        return values

    def clean_link_hours(self) -> int:
        hours = self.cleaned_data["link_hours"]
        return self.instance.link_hours if hours is None else hours

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or self.instance.format

    def _post_clean(self) -> None:
        """The command writes; this form only asks."""

    def facts(self) -> dict[str, Any]:
        """What the command wants."""
        return {name: value for name, value in self.cleaned_data.items() if name != "leaders"}


class SessionForm(Form):
    """When, in the clock of the place."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"))
    planned_minutes = forms.IntegerField(
        label=_("Minutes that count"), required=False, min_value=1, max_value=1440,
        help_text=_("Without breaks. Empty means the whole time."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title of this session"), max_length=200, required=False)
    card = forms.ChoiceField(label=_("Another house, or a room"), required=False)
    venue = forms.CharField(label=_("Another venue"), max_length=200, required=False)
    online_link = forms.URLField(label=_("Link for online"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Clock of"), choices=[(zone, zone.replace("_", " ")) for zone in ZONES]
    )

    def __init__(
        self,
        *args: Any,
        zone: str = "Europe/Stockholm",
        fixed_zone: bool = False,
        places: Any = None,
        cohorts: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        choice: Any = self.fields["time_zone"]
        choice.required, choice.initial = False, zone
        if zone not in ZONES:
            choice.choices = [(zone, zone), *choice.choices]
        if fixed_zone:
            del self.fields["time_zone"]
        if cohorts is not None:
            self.fields["cohorts"] = cohorts
        if places is None:
            del self.fields["card"]
        else:
            card: Any = self.fields["card"]
            card.choices = [("", _("Where the activity is")), *places]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if all(values.get(name) for name in ("day", "starts", "ends")):
            self._moments(values)
        return values

    def _moments(self, values: dict[str, Any]) -> None:
        zone = ZoneInfo(values.get("time_zone") or self.zone)
        day, starts, ends = values["day"], values["starts"], values["ends"]
        try:
            starts_at = moment_of(day, starts, zone, field="starts")
            ends_at = moment_of(day_of_end(day, starts, ends), ends, zone, field="ends")
        except Refusal as no:
            self.add_error(no.field, str(no.reason))
            return
        minutes = values.get("planned_minutes") or int((ends_at - starts_at) / timedelta(minutes=1))
        if refusal := times_refusal(starts_at, ends_at, minutes):
            self.add_error(refusal.field if refusal.field in self.fields else "ends", str(refusal.reason))
        values |= {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "planned_minutes": minutes,
            "time_zone": zone.key,
        }

    def facts(self) -> dict[str, Any]:
        """What the commands want; moving leaves the clock's place as it is."""
        names = ["starts_at", "ends_at", "planned_minutes", "title", "venue", "online_link"]
        facts = {name: self.cleaned_data[name] for name in names}
        return facts | {"cards": cards_of(self.cleaned_data["card"])} if "card" in self.fields else facts


def place_choices() -> list[tuple[Any, Any]]:
    """Every house with its rooms, as the choices of one field. Two queries."""
    rooms: dict[int, list[tuple[str, str]]] = {}
    for pk, code, name in Room.objects.filter(archived_at=None).values_list("venue", "code", "name"):
        rooms.setdefault(pk, []).append((f"room-{code}", name))
    houses = Venue.objects.alive().order_by("sort_key", "pk").values_list("pk", "code", "name")
    whole = gettext("The whole house")
    return [(name, [(f"house-{code}", whole), *rooms.get(pk, [])]) for pk, code, name in houses]


def cards_of(chosen: str) -> Cards:
    """The cards behind a choice of ``place_choices``."""
    kind, _dash, code = chosen.partition("-")
    if kind == "room":
        room = Room.objects.select_related("venue").get(code=code)
        return Cards(room.venue, room)
    return Cards(Venue.objects.get(code=code)) if kind == "house" else Cards()


def _card_choice(session: Session) -> str:
    if session.room is not None:
        return f"room-{session.room.code}"
    return f"house-{session.venue_card.code}" if session.venue_card is not None else ""


def session_facts(session: Session) -> dict[str, Any]:
    """What a form shows of a session."""
    starts, ends = session.starts_local, session.ends_local
    return {
        "day": starts.date(), "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}",
        "planned_minutes": session.planned_minutes, "title": session.title, "venue": session.venue,
        "online_link": session.online_link, "card": _card_choice(session),
        "cohorts": [one.code for one in session.cohorts.all()],
    }  # fmt: skip


class BaseSessionSet(BaseFormSet):
    """The sessions of a new activity: rows one leaves empty are none."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        return kwargs | {"empty_permitted": True}


SessionSet = formset_factory(SessionForm, formset=BaseSessionSet, extra=1, max_num=60, absolute_max=60)


class CopyForm(Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date"}),
        help_text=_("The other sessions follow at the same distance."),
    )


class CancelForm(Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("One sentence. It stands in the mail."),
        error_messages={"required": _("Write why, in one sentence.")},
    )


class RegistrationForm(Form):
    """Somebody is registered by staff, on the phone or at the desk."""

    who = forms.CharField(
        label=_("E-mail or code of somebody you know"), max_length=254, required=False,
        help_text=_("Then no name is needed."),
    )  # fmt: skip
    given_name = forms.CharField(
        label=_("Given name"), max_length=100,
        error_messages={"required": _("Write the given name, or the e-mail of somebody you know.")},
    )  # fmt: skip
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Without it no mail goes out."))
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        help_text=_("As the person says it. A known name is found."),
    )
    role = forms.ChoiceField(
        label=_("Role there"), required=False, choices=[("", _("Not known")), *AffiliationRole.choices]
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=Language)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    cohort = forms.TypedChoiceField(label=_("Group"), required=False, empty_value=None)
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        questions: Questionnaire | None = None,
        cohorts: Iterable[Cohort] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        groups = {one.code: one for one in cohorts}
        cohort: Any = self.fields["cohort"]
        cohort.coerce = groups.__getitem__
        cohort.choices = [("", _("No group")), *((code, one.name) for code, one in groups.items())]
        if not groups:
            del self.fields["cohort"]
        self.questions = questions or Questionnaire([])
        self.fields.update(self.questions.fields())
        if self.data.get("who", "").strip():
            self.fields["given_name"].required = False

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.questions.open_names]

    @property
    def protected_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.questions.protected_names]

    def take_answers(self) -> dict[str, Any]:
        """The answers, taken out of the cleaned values: what stays are the keywords of the command."""
        found = self.questions.answers(self.cleaned_data)
        for name in [*self.questions.open_names, *self.questions.protected_names]:
            self.cleaned_data.pop(name, None)
        return found

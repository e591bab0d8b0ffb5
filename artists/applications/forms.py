"""What applicants, readers and managers fill in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from django import forms
from django.db.models import Q

from artists.applications.deciding import Verdict
from artists.applications.listing import ORDERS
from artists.applications.services import Answers
from artists.models import Application, Cohort, Round, Score
from artists.models.application import LINKS_MAX, WORDS_MAX_CHARS, ApplicationQuerySet
from portal.forms import MomentField, say_zone
from portal.people_fields import LineField, PersonNameField, ProseField, WebLinksField

PLACES_MAX = 100_000
NOTE_MAX_CHARS = 1000


def time_zones() -> list[tuple[str, str]]:
    """The zones named by a place, and UTC."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and zone[:4] != "Etc/")
    places = [zone for zone in named if not zone.startswith(("posix/", "right/", "SystemV/"))]
    return [("", "Choose"), ("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


def _rows(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ApplicationForm(forms.Form):
    """The public form. Each page has a nonce, so that one page that is sent twice is one."""

    nonce = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    name = PersonNameField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="We write to you there, and nowhere else is it shown.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    country = LineField(
        max_length=80, widget=forms.TextInput(attrs={"autocomplete": "country-name"})
    )
    time_zone = forms.ChoiceField(
        label="Time zone", choices=time_zones, help_text="So that nobody calls you at night."
    )
    disciplines = LineField(
        max_length=200, help_text="In your own words: film, dance, animation, poetry."
    )
    links = WebLinksField(
        at_most=LINKS_MAX,
        label="Links to your work",
        help_text=f"One a line, {LINKS_MAX} at most.",
        widget=_rows(3),
    )
    statement = ProseField(
        label="About you and your work", max_length=WORDS_MAX_CHARS, widget=_rows(6)
    )
    would_make = ProseField(
        label="What would you make here?", max_length=WORDS_MAX_CHARS, widget=_rows(6)
    )
    heard_from = LineField(label="How did you hear of us?", max_length=300, required=False)

    @classmethod
    def of(cls, application: Application, data: Any = None) -> "ApplicationForm":
        """The form with what an application says now."""
        initial = {
            name: getattr(application, name)
            for name in Answers.__dataclass_fields__
            if name != "links"
        }
        initial["links"] = "\n".join(link.url for link in application.links.all())
        return cls(data, initial=initial)

    @property
    def form_nonce(self) -> UUID:
        return self.cleaned_data["nonce"] or uuid4()

    @property
    def answers(self) -> Answers:
        """What a valid form says."""
        given = {name: self.cleaned_data[name] for name in Answers.__dataclass_fields__}
        return Answers(**given)

    def about_you(self) -> list[Any]:
        return [self[name] for name in ("name", "email", "country", "time_zone")]

    def about_work(self) -> list[Any]:
        names = ("disciplines", "links", "statement", "would_make", "heard_from")
        return [self[name] for name in names]


class ScoreForm(forms.Form):
    """Points and, where one likes, words for each criterion."""

    def __init__(self, data: Any = None, *, scores: Iterable[Score] = ()) -> None:
        super().__init__(data)
        before = {one.criterion: one for one in scores}
        points = [(value, str(value)) for value in range(1, Score.POINTS_MAX + 1)]
        for criterion in Score.Criterion:
            own = before.get(criterion)
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=criterion.label,
                choices=points,
                coerce=int,
                widget=forms.RadioSelect,
                initial=own and own.points,
            )
            self.fields[f"{criterion.value}_comment"] = LineField(
                label=f"Comment: {criterion.label}",
                max_length=1000,
                required=False,
                initial=own.comment if own else "",
            )

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[one.value], self[f"{one.value}_comment"]) for one in Score.Criterion]

    @property
    def scores(self) -> list[Score]:
        """What a valid form says, as rows that are not stored yet."""
        given = self.cleaned_data
        return [
            Score(
                criterion=one.value,
                points=given[one.value],
                comment=given[f"{one.value}_comment"],
            )
            for one in Score.Criterion
        ]


STATES = [(value, label) for value, label in Application.State.choices if value != "withdrawn"]


class FilterForm(forms.Form):
    """Which applications, and in which order; what is not understood narrows nothing."""

    q = forms.CharField(label="Words", required=False, max_length=200)
    round = forms.ModelChoiceField(Round.objects.all(), required=False, empty_label="All")
    state = forms.ChoiceField(required=False, choices=[("", "All"), *STATES])
    reading = forms.ChoiceField(
        label="Your reading",
        required=False,
        choices=[("", "All"), ("open", "Not read by you"), ("done", "Read by you")],
    )
    order = forms.ChoiceField(
        required=False, choices=[(key, order.label) for key, order in ORDERS.items()]
    )

    def apply(self, applications: ApplicationQuerySet) -> ApplicationQuerySet:
        self.is_valid()
        asked = self.cleaned_data
        for word in asked.get("q", "").split():
            applications = applications.filter(
                Q(name__icontains=word)
                | Q(email__icontains=word)
                | Q(disciplines__icontains=word)
                | Q(country__icontains=word)
                | Q(would_make__icontains=word)
                | Q(statement__icontains=word)
            )
        if round_ := asked.get("round"):
            applications = applications.filter(round=round_)
        if state := asked.get("state"):
            applications = applications.filter(state=state)
        if reading := asked.get("reading"):
            applications = applications.filter(Q(("is_read_by_me", reading == "done")))
        return applications

    @property
    def chosen_order(self) -> str:
        return self.cleaned_data.get("order") or next(iter(ORDERS))


class VerdictForm(forms.Form):
    """A decision about one application or many, with words for the occasion."""

    MANY_AT_MOST = 100

    verdict = forms.ChoiceField(choices=Verdict.choices)
    application = forms.TypedMultipleChoiceField(coerce=UUID)
    note = forms.CharField(
        label="Words for the occasion",
        required=False,
        max_length=NOTE_MAX_CHARS,
        widget=_rows(3),
        help_text="They stand where the letter has $note; all these letters get the same.",
    )

    def __init__(self, data: Any, *, decidable: ApplicationQuerySet) -> None:
        super().__init__(data)
        self.decidable = decidable
        chosen = data.getlist("application")
        self.fields["application"].choices = [(one, one) for one in chosen]  # type: ignore[attr-defined]

    def clean_application(self) -> list[Application]:
        wanted: list[UUID] = self.cleaned_data["application"]
        if len(wanted) > self.MANY_AT_MOST:
            raise forms.ValidationError(f"Choose {self.MANY_AT_MOST} at most at a time.")
        found = self.decidable.filter(pk__in=wanted).select_related("round__cohort")
        return list(found.order_by("-pk"))

    @property
    def chosen_verdict(self) -> Verdict:
        return Verdict(self.cleaned_data["verdict"])


class RoundForm(forms.Form):
    name = LineField(max_length=80, help_text="Applicants see it.")
    cohort = forms.ModelChoiceField(
        Cohort.objects.all(), help_text="Where its artists come in.", empty_label="Choose"
    )
    opens_at = MomentField(label="Opens")
    closes_at = MomentField(label="Closes")
    places = forms.IntegerField(min_value=1, max_value=PLACES_MAX)

    def __init__(self, data: Any = None, *, round_: Round | None = None) -> None:
        self.round = round_
        names = ("name", "cohort", "opens_at", "closes_at", "places")
        super().__init__(
            data, initial={name: getattr(round_, name) for name in names} if round_ else {}
        )
        self.fields["closes_at"].help_text = say_zone()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Round.objects.exclude(pk=self.round.pk) if self.round else Round.objects.all()
        if others.filter(name=name).exists():
            raise forms.ValidationError("There is a round of this name already.")
        return name

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        opens_at: datetime | None = given.get("opens_at")
        closes_at: datetime | None = given.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", "Let it close after it opens.")
        return given

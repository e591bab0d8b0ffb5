"""What a manager narrows the lists behind the dashboard down to."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from artists.models import Artist, Cohort, Token
from generations.dashboard import figures
from generations.dashboard.buckets import (
    OVERDUE,
    age_buckets,
    choices_of,
    due_buckets,
    overdue,
    rows_of,
    use_buckets,
)
from generations.dashboard.period import LENGTHS, USUAL, Period
from generations.dashboard.reviewing import Asked
from generations.models import Generation, Submission, VideoModel
from generations.models.generation import ACTIVE, ENDED, RUNNING, Status
from generations.providers.base import FailureKind

MOST_DAYS = 92
UNMADE = (Status.FAILED, Status.REFUSED)

ACTIVE_STATES: dict[str, tuple[str, tuple[Status, ...]]] = {
    "active": ("All that is not over", ACTIVE),
    "queued": ("Queued", (Status.QUEUED,)),
    "running": ("Running", RUNNING),
}
ENDED_STATES: dict[str, tuple[str, tuple[Status, ...]]] = {
    "ended": ("All that ended", ENDED),
    "ready": ("Ready", (Status.READY,)),
    "unmade": ("Failed or refused", UNMADE),
    **{status.value: (status.label, (status,)) for status in (*UNMADE, Status.CANCELLED)},
}


def say_kind(kind: str) -> str:
    """A kind of failure as a page says it."""
    return kind.replace("_", " ").capitalize() or "Not said"


class Filter(forms.Form):
    """Fields that each narrow a list; what is not asked for is as `usual` says."""

    usual: ClassVar[dict[str, str]] = {}

    @classmethod
    def read(cls, asked: QueryDict) -> Self:
        data = asked.copy()
        for name, value in cls.usual_now().items():
            if name not in data:
                data[name] = value
        return cls(data)

    @classmethod
    def usual_now(cls) -> dict[str, str]:
        return cls.usual


class PeriodFilter(Filter):
    """A list of what ended within some days, both of them included, 92 at most."""

    since = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="To", widget=forms.DateInput({"type": "date"}))

    @classmethod
    def usual_now(cls) -> dict[str, str]:
        return cls.usual | Period.until_today(USUAL).asked

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and not self._is_short(since, until):
            raise forms.ValidationError(f"Choose 1 to {MOST_DAYS} days, the first one first.")
        return asked

    def _is_short(self, since: date, until: date) -> bool:
        return timedelta() <= until - since < timedelta(days=MOST_DAYS)

    def clean_since(self) -> date:
        return _ensure_of_our_time(self.cleaned_data["since"])

    def clean_until(self) -> date:
        return _ensure_of_our_time(self.cleaned_data["until"])

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])


def _ensure_of_our_time(day: date) -> date:
    if not 2000 <= day.year < 3000:
        raise forms.ValidationError("Choose a day of our time.")
    return day


class GenerationFilter(PeriodFilter):
    usual: ClassVar[dict[str, str]] = {"state": "ended"}

    state = forms.ChoiceField(
        label="State",
        choices=[
            ("Now", [(key, label) for key, (label, _) in ACTIVE_STATES.items()]),
            ("In these days", [(key, label) for key, (label, _) in ENDED_STATES.items()]),
        ],
    )
    kind = forms.ChoiceField(
        label="Kind of failure",
        required=False,
        choices=[("", "All"), *((kind.value, say_kind(kind)) for kind in FailureKind)],
    )
    model = forms.ModelMultipleChoiceField(
        VideoModel.objects.order_by("pk"),
        label="Video models",
        required=False,
        to_field_name="name",
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def is_of_now(self) -> bool:
        return self.cleaned_data.get("state") in ACTIVE_STATES

    def rows(self) -> QuerySet[Generation]:
        """The generations that are asked for; none where a field is wrong."""
        if not self.is_valid():
            return Generation.objects.none()
        asked = self.cleaned_data
        if self.is_of_now:
            found = Generation.objects.standing(*ACTIVE_STATES[asked["state"]][1])
        else:
            found = Generation.objects.ended_within(self.period.start, self.period.end)
            found = found.filter(status__in=ENDED_STATES[asked["state"]][1])
        if asked["kind"]:
            found = found.filter(failure_kind=asked["kind"])
        if asked["model"]:
            found = found.filter(video_model__in=list(asked["model"]))
        return found


class SubmissionFilter(PeriodFilter):
    usual: ClassVar[dict[str, str]] = {"state": "open"}

    state = forms.ChoiceField(
        label="State",
        choices=[
            ("Now", [("open", "Undecided"), ("waiting", "Waiting"), ("claimed", "In review")]),
            (
                "In these days",
                [(one.value, one.label) for one in list(Submission.Status)[2:]],
            ),
        ],
    )
    due = forms.ChoiceField(label="Due", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due: Any = self.fields["due"]
        due.choices = [("", "At any time"), (OVERDUE, "Overdue"), *choices_of(due_buckets())]

    @property
    def is_of_now(self) -> bool:
        return self.cleaned_data.get("state") in ("open", "waiting", "claimed")

    def rows(self) -> QuerySet[Submission]:
        """The submissions that are asked for; none where a field is wrong."""
        if not self.is_valid():
            return Submission.objects.none()
        asked = self.cleaned_data
        if not self.is_of_now:
            period = self.period
            closed = Submission.objects.closed_within(period.start, period.end)
            return closed.filter(status=asked["state"])
        found = Submission.objects.filter(closed_at=None)
        if asked["state"] != "open":
            waiting = figures.is_waiting()
            found = found.filter(waiting if asked["state"] == "waiting" else ~waiting)
        if asked["due"] == OVERDUE:
            return found.filter(overdue())
        return found.filter(rows_of(due_buckets(), asked["due"]))


class ArtistFilter(Filter):
    usual: ClassVar[dict[str, str]] = {"days": str(USUAL)}

    cohort = forms.ModelChoiceField(
        Cohort.objects.order_by("name"), label="Cohort", required=False, empty_label="All"
    )
    activity = forms.ChoiceField(
        label="Activity",
        required=False,
        choices=[("", "All"), ("active", "Made clips"), ("quiet", "Made none")],
    )
    days = forms.ChoiceField(
        label="In the last", choices=[(str(length), f"{length} days") for length in LENGTHS]
    )

    @property
    def period(self) -> Period:
        return Period.read(self.cleaned_data.get("days", ""))

    def rows(self) -> QuerySet[Artist]:
        """The artists with an open account that are asked for; none where a field is wrong."""
        if not self.is_valid():
            return Artist.objects.none()
        asked = self.cleaned_data
        found = Artist.objects.filter(is_active=True, cohort__isnull=False)
        if asked["cohort"]:
            found = found.filter(cohort=asked["cohort"])
        if asked["activity"]:
            active = figures.active_in(self.period)
            found = found.filter(active if asked["activity"] == "active" else ~active)
        return found


class TokenFilter(Filter):
    age = forms.ChoiceField(label="Made", required=False)
    used = forms.ChoiceField(label="Last used", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, buckets in (("age", age_buckets()), ("used", use_buckets())):
            field: Any = self.fields[name]
            field.choices = [("", "At any time"), *choices_of(buckets)]

    def rows(self) -> QuerySet[Token]:
        """The live tokens that are asked for; none where a field is wrong."""
        if not self.is_valid():
            return Token.objects.none()
        asked = self.cleaned_data
        wanted: Q = rows_of(age_buckets(), asked["age"]) & rows_of(use_buckets(), asked["used"])
        return Token.objects.live().filter(wanted)


class ReviewsFilter(Filter):
    """The days and the cohort that the page of reviews is about."""

    usual: ClassVar[dict[str, str]] = {"days": str(USUAL)}

    days = forms.ChoiceField(
        label="In the last", choices=[(str(length), f"{length} days") for length in LENGTHS]
    )
    cohort = forms.ModelChoiceField(
        Cohort.objects.order_by("name"), label="Cohort", required=False, empty_label="All"
    )

    @property
    def asked(self) -> Asked:
        """What is asked for; where a field is wrong, the usual days of all cohorts."""
        known = self.cleaned_data if self.is_valid() else {}
        return Asked(Period.read(known.get("days", "")), known.get("cohort"))

"""What stands on the dashboard: figures, drawn, each with the list behind it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.template.defaultfilters import pluralize
from django.urls import reverse

from artists.models import Cohort, Pause
from generations.dashboard import figures
from generations.dashboard.buckets import OVERDUE, Bucket, age_buckets, due_buckets, use_buckets
from generations.dashboard.forms import UNMADE, say_kind
from generations.dashboard.links import to_list
from generations.dashboard.period import Period
from generations.dashboard.plots import (
    Bar,
    Columns,
    Series,
    bars,
    overlay_columns,
    say_count,
    say_seconds,
    stack_columns,
)
from generations.models import Attempt, Review, Submission, VideoModel
from generations.models.generation import Status
from generations.pauses.guard import titled
from portal.paging import cut

COLOURS = 6  # of video models; those beyond share one more
COHORTS_SHOWN = 8
PAUSES_SHOWN = 4
OVERDUE_KEYS = ("long_overdue", "just_overdue")


@dataclass(frozen=True)
class Figure:
    """One number of this moment or of today, and the list behind it."""

    label: str
    value: str
    link: str
    note: str = ""
    note_link: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Line:
    """What is before one video model now."""

    model: VideoModel
    tone: str
    queued: int
    running: int
    oldest: datetime | None
    queued_link: str
    running_link: str


@dataclass(frozen=True)
class Membership:
    """How many are in a cohort, and of them who made clips."""

    cohort: Cohort
    members: int
    members_link: str
    bar: Bar


@dataclass(frozen=True)
class Group:
    """Video models that have one colour: one, or all those beyond the colours there are."""

    label: str
    tone: str
    models: list[VideoModel]

    @property
    def names(self) -> list[str]:
        return [model.name for model in self.models]


def read(period: Period) -> dict[str, Any]:
    """All that the page shows, by a number of queries that no row adds to."""
    ended, standing = figures.ended(period), figures.standing()
    undecided = figures.open_submissions()
    shown = {row.video_model_id for row in ended} | set(standing)
    models = [one for one in VideoModel.objects.order_by("pk") if one.is_enabled or one.pk in shown]
    groups = _groups(models)
    ages, uses = figures.live_tokens()
    pauses, has_more = cut(
        titled(Pause.objects.in_force().select_related("cohort", "artist", "token")).order_by(
            "-pk"
        ),
        size=PAUSES_SHOWN,
    )
    return {
        "today": _today(ended, standing, undecided, period),
        "made": _by_model(period, groups, [row for row in ended if row.status == Status.READY]),
        "spent": _by_model(period, groups, ended, in_credits=True),
        "waits": _waits(period),
        "lines": _lines(models, groups, standing),
        "due": _in_buckets(due_buckets(), undecided, "submissions", state="open", by="due"),
        "states": _states(period, undecided),
        "failures": _failures(period, ended),
        "cohorts": _cohorts(period),
        "token_ages": _in_buckets(age_buckets(), ages, "tokens", by="age"),
        "token_uses": _in_buckets(use_buckets(), uses, "tokens", by="used"),
        "token_count": sum(ages.values()),
        "in_force": pauses,
        "has_more_pauses": has_more,
    }


def _today(
    ended: Sequence[figures.Ended],
    standing: dict[int, figures.Standing],
    undecided: dict[str, int],
    period: Period,
) -> list[Figure]:
    today = Period(period.last, period.last)
    of_today = [row for row in ended if row.day == period.last]
    made = sum(row.count for row in of_today if row.status == Status.READY)
    spent = sum(row.credits for row in of_today)
    overdue = sum(undecided[key] for key in OVERDUE_KEYS)
    unknown = Attempt.objects.unknown().count()
    nobodys = Review.objects.stuck().count()
    dead_uses = figures.dead_uses()
    days = figures.DEAD_USE_DAYS
    return [
        Figure(
            "Running",
            _sum(one.running for one in standing.values()),
            to_list("generations", state="running"),
        ),
        Figure(
            "Queued",
            _sum(one.queued for one in standing.values()),
            to_list("generations", state="queued"),
        ),
        Figure("Made today", f"{made:,}", to_list("generations", state="ready", **today.asked)),
        _credits(spent, to_list("generations", state="ended", **today.asked)),
        Figure(
            "Overdue submissions",
            f"{overdue:,}",
            to_list("submissions", state="open", due=OVERDUE),
            note=f"{nobodys:,} review{pluralize(nobodys)} nobody may decide" if nobodys else "",
            note_link=reverse("generations:dashboard_stuck"),
            is_bad=overdue > 0 or nobodys > 0,
        ),
        Figure("Lost answers", f"{unknown:,}", reverse("generations:outcomes"), is_bad=unknown > 0),
        Figure(
            "Refused uses of tokens",
            f"{dead_uses:,}",
            f"{reverse('artists:refused_uses')}?days={days}",
            note=f"in {days} days",
            is_bad=dead_uses > 0,
        ),
    ]


def _sum(counts: Any) -> str:
    return f"{sum(counts):,}"


def _credits(spent: int, link: str) -> Figure:
    """The credits of today, and what of the programme's own limit is taken."""
    window = figures.programme_window()
    quotas = reverse("artists:quotas", args=["programme"])
    note = "no limit is set"
    if window is not None:
        taken = window.held + window.spent
        note = f"{taken:,} of {window.ceiling:,} {window.label.lower()}"
    return Figure("Credits today", f"{spent:,}", link, note=note, note_link=quotas)


def _groups(models: Sequence[VideoModel]) -> list[Group]:
    """Each video model with a colour of its own, as far as there are colours."""
    groups = [
        Group(model.title, f"is-{number}", [model])
        for number, model in enumerate(islice(models, COLOURS), start=1)
    ]
    others = list(models[COLOURS:])
    return [*groups, Group("Other models", "is-rest", others)] if others else groups


def _by_model(
    period: Period,
    groups: Sequence[Group],
    rows: Sequence[figures.Ended],
    *,
    in_credits: bool = False,
) -> Columns | None:
    state = "ended" if in_credits else "ready"
    series = []
    for group in groups:
        keys = {model.pk for model in group.models}
        values: Counter[date] = Counter()
        for row in rows:
            if row.video_model_id in keys:
                values[row.day] += row.credits if in_credits else row.count
        if values.total():
            link = _link_by_day(period, state=state, model=group.names)
            series.append(Series(group.label, group.tone, values, link))
    link = _link_by_day(period, state=state)
    return stack_columns(period.days, series, say=say_count, link=link)


def _link_by_day(period: Period, **asked: Any) -> Callable[[date | None], str]:
    def link(day: date | None) -> str:
        days = Period(day, day) if day else period
        return to_list("generations", **asked, **days.asked)

    return link


def _waits(period: Period) -> Columns | None:
    waits = figures.waits(period)
    link = _link_by_day(period, state="ready")
    seconds = [
        ("Half within", "is-half", {day: one.half for day, one in waits.items()}),
        ("9 of 10 within", "is-most", {day: one.most for day, one in waits.items()}),
    ]
    series = [Series(label, tone, values, link) for label, tone, values in seconds]
    return overlay_columns(period.days, series, say=say_seconds, link=link)


def _lines(
    models: Sequence[VideoModel], groups: Sequence[Group], standing: dict[int, figures.Standing]
) -> list[Line]:
    tones = {model.pk: group.tone for group in groups for model in group.models}
    nothing = figures.Standing(0, 0, None)
    lines = []
    for model in models:
        queued, running, oldest = standing.get(model.pk, nothing)
        links = [
            to_list("generations", state=state, model=model.name) for state in ("queued", "running")
        ]
        lines.append(Line(model, tones[model.pk], queued, running, oldest, *links))
    return lines


def _in_buckets(
    buckets: Sequence[Bucket], counts: dict[str, int], name: str, *, by: str, **asked: str
) -> list[Bar]:
    """A row a bucket; none at all where all of them are empty."""
    if not any(counts[bucket.key] for bucket in buckets):
        return []
    return bars(
        [
            (
                bucket.label,
                counts[bucket.key],
                to_list(name, **asked, **{by: bucket.key}),
                "is-bad" if bucket.is_bad else "",
            )
            for bucket in buckets
        ]
    )


def _states(period: Period, undecided: dict[str, int]) -> list[Bar]:
    """What waits and is in review now, and what was decided in the period."""
    closed = figures.closed_submissions(period)
    rows = [
        (label, undecided[state], to_list("submissions", state=state), "is-now")
        for state, label in (("waiting", "Waiting now"), ("claimed", "In review now"))
    ]
    for state in list(Submission.Status)[2:]:
        link = to_list("submissions", state=state.value, **period.asked)
        rows.append((state.label, closed.get(state.value, 0), link, ""))
    return bars(rows) if any(count for _, count, _, _ in rows) else []


def _failures(period: Period, ended: Sequence[figures.Ended]) -> list[Bar]:
    kinds: Counter[str] = Counter()
    for row in ended:
        if row.status in UNMADE:
            kinds[row.failure_kind] += row.count
    return bars(
        [
            (
                say_kind(kind),
                count,
                to_list("generations", state="unmade", kind=kind, **period.asked),
                "is-bad",
            )
            for kind, count in kinds.most_common()
        ]
    )


def _cohorts(period: Period) -> dict[str, Any]:
    found: list[Any]
    found, has_more = cut(figures.cohorts(period), size=COHORTS_SHOWN)
    counts = [(cohort, cohort.members, cohort.active) for cohort in found]
    biggest = max((members for _, members, _ in counts), default=0) or 1
    rows = [
        Membership(
            cohort=cohort,
            members=members,
            members_link=to_list("artists", cohort=cohort.pk),
            bar=Bar(
                label=cohort.name,
                said=f"{active:,}",
                link=to_list("artists", cohort=cohort.pk, activity="active", days=len(period)),
                share=100 * active / biggest,
                ghost=100 * members / biggest,
            ),
        )
        for cohort, members, active in counts
    ]
    return {"rows": rows, "has_more": has_more}

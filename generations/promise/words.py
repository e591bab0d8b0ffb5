"""A promise in words, and what one version changed of the one before."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from generations.models import Promise
from generations.promise.services import SETTABLE

LABELS = {
    "decide_days": "Days to decide",
    "appeal_days": "Days to decide an appeal",
    "report_days": "Days to answer a report",
    "weekdays": "Working days",
    "time_zone": "Time zone",
    "holidays": "Days off",
    "reviewers_reminded_hours": "Hours before, reviewers are told",
    "managers_reminded_hours": "Hours before, managers are told",
    "when_late": "When the date passes",
    "apology_days": "Days to the new date",
}


@dataclass(frozen=True)
class Change:
    """One thing that a version says otherwise than the one before."""

    label: str
    before: str
    after: str


def say(promise: Promise, name: str) -> str:
    """One thing that a promise says, as its history shows it."""
    if name == "weekdays":
        return promise.weekdays_said
    if name == "when_late":
        return "approved by silence" if promise.is_by_silence else "an apology and a new date"
    return f"{getattr(promise, name)}"


def changes(before: Promise, after: Promise) -> list[Change]:
    """All that differs, in the order in which a promise is read."""
    found = []
    for name in SETTABLE:
        if getattr(before, name) == getattr(after, name):
            continue
        if name == "holidays":
            found.append(_change_of_days_off(before.holidays, after.holidays))
        else:
            found.append(Change(LABELS[name], say(before, name), say(after, name)))
    return found


def _change_of_days_off(before: dict[str, str], after: dict[str, str]) -> Change:
    gone = [day for day in sorted(before) if before[day] != after.get(day)]
    new = [day for day in sorted(after) if after[day] != before.get(day)]
    return Change(LABELS["holidays"], _say_days(gone, before), _say_days(new, after))


def _say_days(days: list[str], names: dict[str, str]) -> str:
    said = [f"{names[day]}, {date_format(date.fromisoformat(day), 'j M Y')}" for day in days]
    return "; ".join(said) or "none"

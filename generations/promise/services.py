"""Setting the promise: each time a new version, for what is made from then on."""

from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from artists.models import Artist
from generations.models import Promise
from generations.promise.errors import NothingNew, SetMeanwhile
from portal import audit

SETTABLE = (
    "decide_days",
    "appeal_days",
    "report_days",
    "weekdays",
    "time_zone",
    "holidays",
    "reviewers_reminded_hours",
    "managers_reminded_hours",
    "when_late",
    "apology_days",
)


@transaction.atomic
def set_promise(wanted: Promise, *, seen: int, by: Artist) -> Promise:
    """Put what is `wanted` in force as the version after the `seen` one.

    What is submitted already keeps its due date and its policy. Raises SetMeanwhile where the
    version in force is another, NothingNew where it says the same.
    """
    # Who sets one waits at the first version for another who does, and then sees theirs.
    Promise.objects.select_for_update().only("pk").earliest("version")
    before = Promise.objects.in_force()
    if before.version != seen:
        raise SetMeanwhile
    changes = differences(before, wanted)
    if not changes:
        raise NothingNew
    promise = Promise(version=seen + 1, set_by=by, **said_by(wanted))
    promise.save(force_insert=True)
    audit.record("promise.set", actor=by, subject=promise, facts=changes)
    return promise


def said_by(promise: Promise) -> dict[str, Any]:
    return model_to_dict(promise, fields=SETTABLE)


def differences(before: Promise, after: Promise) -> dict[str, dict[str, Any]]:
    """What changes from one version to another, by field."""
    old, new = said_by(before), said_by(after)
    return {
        name: {"before": old[name], "after": new[name]}
        for name in SETTABLE
        if old[name] != new[name]
    }

"""Before a date passes: all reviewers are told what is due soon, and then managers.

The newest promise says how long before. Each review is told of once to each circle for each date
that it has; whoever reads has one letter about all of it, and none of their own works in it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from artists.roles.services import MANAGER, REVIEWER
from generations.models import Escalation, EscalationLetter, Promise, Review
from generations.models.review import ReviewQuerySet

AHEAD_HOURS = 4  # what would be told of so soon afterwards is in the letter already

ROLES = {
    Escalation.Circle.REVIEWERS: [REVIEWER, MANAGER],
    Escalation.Circle.MANAGERS: [MANAGER],
}


def escalate() -> list[int]:
    """Write down whom to tell of what is due soon; return the letters' keys.

    Whoever dies on the way leaves letters that are not told yet, or nothing.
    """
    promise = Promise.objects.in_force()
    hours = {
        Escalation.Circle.REVIEWERS: promise.reviewers_reminded_hours,
        Escalation.Circle.MANAGERS: promise.managers_reminded_hours,
    }
    now, calendar = timezone.now(), promise.calendar
    return [
        letter_id
        for circle, before in hours.items()
        for letter_id in _escalate(
            circle,
            until=calendar.hours_after(now, before),
            ahead=calendar.hours_after(now, before + AHEAD_HOURS),
        )
    ]


def untold(circle: Escalation.Circle, *, until: datetime) -> ReviewQuerySet:
    """What is due by a moment, and was not told of to a circle for the date it has."""
    return Review.objects.open().filter(due_at__lte=until, **{f"told_to_{circle}": None})


@transaction.atomic
def _escalate(circle: Escalation.Circle, *, until: datetime, ahead: datetime) -> list[int]:
    if not untold(circle, until=until).exists():
        return []
    escalation = Escalation.objects.create(circle=circle)
    locked = untold(circle, until=ahead).lock_open()
    soon = untold(circle, until=ahead).filter(pk__in=locked).order_by()
    changes: dict[str, Any] = {f"told_to_{circle}": escalation}
    if circle == Escalation.Circle.REVIEWERS:
        changes |= {"preferred_reviewer": None, "preferred_until": None}  # it is anybody's now
    if not soon.update(**changes):
        transaction.set_rollback(True)  # another worker was quicker
        return []
    readers = Artist.objects.in_role(*ROLES[circle])
    EscalationLetter.objects.bulk_create(
        EscalationLetter(escalation=escalation, reader=one) for one in readers
    )
    return list(escalation.letters.values_list("pk", flat=True))

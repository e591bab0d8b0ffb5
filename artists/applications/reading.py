"""Scores: what readers think of an application, criterion by criterion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import mean

from django.db import transaction

from artists.applications.errors import AlreadyThere, OwnApplication
from artists.models import Application, Artist, Score
from portal.audit import record


@dataclass(frozen=True)
class Reading:
    """All that one reader says of one application."""

    reader: Artist
    scores: list[Score]

    @property
    def mean(self) -> float:
        return mean(one.points for one in self.scores)


@transaction.atomic
def score(*, application: Application, reader: Artist, scores: Iterable[Score]) -> None:
    """Keep what a reader thinks, in place of what they thought before.

    `scores` are new rows, each with its criterion, points and comment alone. Raises
    OwnApplication, and AlreadyThere for one that was withdrawn.
    """
    if not Application.objects.readable_by(reader).filter(pk=application.pk).exists():
        raise OwnApplication
    locked = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if locked.state == Application.State.WITHDRAWN:
        raise AlreadyThere
    scores = list(scores)
    for one in scores:
        one.application, one.reader = application, reader
    Score.objects.bulk_create(
        scores,
        update_conflicts=True,
        unique_fields=["application", "reader", "criterion"],
        update_fields=["points", "comment", "at"],
    )
    facts = {one.criterion: one.points for one in scores}
    record("application.scored", actor=reader, subject=application, facts=facts)


def readings_of(application: Application) -> list[Reading]:
    """What everybody says of an application, by reader, read with one query."""
    by_reader: dict[Artist, list[Score]] = {}
    for one in application.scores.select_related("reader").order_by("reader_id", "pk"):
        by_reader.setdefault(one.reader, []).append(one)
    order = list(Score.Criterion)
    return [
        Reading(reader, sorted(scores, key=lambda one: order.index(Score.Criterion(one.criterion))))
        for reader, scores in by_reader.items()
    ]


def means_of(readings: Iterable[Reading]) -> Mapping[str, float]:
    """The mean of each criterion by its label, and that of all of them."""
    scores = [one for reading in readings for one in reading.scores]
    if not scores:
        return {}
    found = {}
    for criterion in Score.Criterion:
        points = [one.points for one in scores if one.criterion == criterion]
        if points:
            found[str(criterion.label)] = mean(points)
    return found | {"All": mean(one.points for one in scores)}

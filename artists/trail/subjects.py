"""Where the subjects of events are looked at: the trail itself knows them by their keys alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from django.apps import apps
from django.urls import reverse

from artists.models import Artist, Limit
from artists.quotas.scopes import Scope
from portal.audit import Event


class Place(NamedTuple):
    """A page, and what a link to it says."""

    words: str
    address: str


Found = dict[str, Place]


def places_of(events: Iterable[Event]) -> dict[int, Place]:
    """The place of each event's subject, by the event's sequence, where it has one and is there.

    It takes one query for each kind of subject, however many there are.
    """
    events = list(events)
    keys = defaultdict(set)
    for event in events:
        if event.subject_type in FINDERS:
            keys[event.subject_type].add(event.subject_id)
    found = {kind: FINDERS[kind](of_kind) for kind, of_kind in keys.items()}
    return {
        event.sequence: place
        for event in events
        if (place := found.get(event.subject_type, {}).get(event.subject_id))
    }


def _rows(kind: str, view: str, words: str, column: str, keys: set[str]) -> Found:
    """Pages whose address has one column of the subject's row."""
    rows = apps.get_model(kind)._default_manager.filter(pk__in=keys).exclude(**{column: None})
    return {
        str(key): Place(words, reverse(view, args=[value]))
        for key, value in rows.values_list("pk", column)
    }


def _artists(keys: set[str]) -> Found:
    artists = Artist.objects.filter(pk__in=keys)
    return {str(one.pk): _quotas_of(Scope(artist=one)) for one in artists}


def _limits(keys: set[str]) -> Found:
    limits = Limit.objects.filter(pk__in=keys)
    limits = limits.select_related("artist", "cohort", "token__artist")
    return {
        str(one.pk): _quotas_of(
            Scope(cohort=one.cohort, artist=one.token.artist if one.token else one.artist)
        )
        for one in limits
    }


def _quotas_of(scope: Scope) -> Place:
    return Place(f"Quotas: {scope}", scope.get_absolute_url())


REVIEW = ("generations:review", "Its review")
WAYS = {  # kind → view, words, column
    "artists.application": ("artists:application", "The application", "pk"),
    "artists.cohort": ("generations:cohort", "The cohort", "pk"),
    "artists.round": ("artists:round", "The round", "pk"),
    "generations.appeal": (*REVIEW, "review"),
    "generations.attempt": ("generations:outcome", "The create call", "pk"),
    "generations.checkrule": ("generations:check_rule", "The rule", "number"),
    "generations.decision": (*REVIEW, "submission__review"),
    "generations.note": (*REVIEW, "submission__review"),
    "generations.opinion": (*REVIEW, "review"),
    "generations.review": (*REVIEW, "pk"),
    "generations.share": ("generations:share", "The public page", "slug"),
}
FINDERS: dict[str, Callable[[set[str]], Found]] = {
    "artists.artist": _artists,
    "artists.limit": _limits,
    **{kind: partial(_rows, kind, *way) for kind, way in WAYS.items()},
}

"""The audit trail as a file, written while it is read: its length costs no memory."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from portal.audit import Event
from portal.exporting import csv_lines, json_lines

CHUNK = 2000
COLUMNS = (
    "sequence",
    "at",
    "person_id",
    "person",
    "verb",
    "subject_type",
    "subject_id",
    "address",
    "facts",
    "sha256",
)


def as_csv(events: QuerySet[Event]) -> Iterator[str]:
    """Yield lines, the header first. No cell is a formula."""
    rows = (
        (event | {"facts": json.dumps(event["facts"], ensure_ascii=False)}).values()
        for event in _facts(events)
    )
    return csv_lines(rows, headings=COLUMNS)


def as_json(events: QuerySet[Event]) -> Iterator[str]:
    """Yield the parts of one array, an event a line."""
    return json_lines(_facts(events))


FORMATS: dict[str, tuple[str, Callable[[QuerySet[Event]], Iterable[str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}


def _facts(events: QuerySet[Event]) -> Iterator[dict[str, Any]]:
    for event in events.order_by("sequence").iterator(chunk_size=CHUNK):
        yield {
            "sequence": event.sequence,
            "at": event.at.isoformat(),
            "person_id": event.actor_id,
            "person": event.person,  # type: ignore[attr-defined]
            "verb": event.verb,
            "subject_type": event.subject_type,
            "subject_id": event.subject_id,
            "address": event.address,
            "facts": event.facts,
            "sha256": event.sha256,
        }

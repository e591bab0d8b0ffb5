"""Rounds and applications for tests, made as the forms make them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from artists.applications.services import Answers, apply, find_application
from artists.models import Application, Cohort, Round

ANSWERS: dict[str, Any] = {
    "name": "Nora Quill",
    "email": "nora@example.org",
    "country": "Norway",
    "time_zone": "Europe/Oslo",
    "disciplines": "film, tide studies",
    "statement": "I film the sea.",
    "would_make": "A year of tides in a minute.",
    "heard_from": "",
    "links": ("https://nora.example/work",),
}


def make_round(cohort: Cohort, *, name: str = "Autumn", places: int = 2, **times: Any) -> Round:
    """A round that is open now, unless told otherwise."""
    now = timezone.now()
    span = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1)}
    return Round.objects.create(name=name, cohort=cohort, places=places, **(span | times))


def make_application(round_: Round, *, address: str = "", **answers: Any) -> Application:
    secret = apply(
        round_=round_,
        answers=Answers(**(ANSWERS | answers)),
        form_nonce=uuid4(),
        address=address,
    )
    found = find_application(secret)
    assert found is not None
    return found


def form_of(**answers: str) -> dict[str, str]:
    """What a browser posts from the public form."""
    return ANSWERS | {"links": "https://nora.example/work", "nonce": str(uuid4())} | answers

"""The managers' view of the audit trail, and its export (I10)."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.models import Artist, Cohort
from artists.quotas.ceilings import grant
from artists.trail.exporting import COLUMNS
from artists.trail.subjects import FINDERS, places_of
from portal.audit import Event, record
from portal.ids import uuid7
from portal.origin import OriginMiddleware
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import MakeSubmission, make_submission, make_work

__all__ = ["make_submission", "make_work"]

PAGE = "/audit/"


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def trail(artist: Artist, other_artist: Artist, manager: Artist, cohort: Cohort) -> list[Event]:
    """1: Mona pauses Ada. 2: Mona changes the cohort. 3: Ben pauses Ada. 4: nobody does."""
    return [
        record("pause.made", actor=manager, subject=artist, facts={"note": "=1+1"}),
        record("cohort.changed", actor=manager, subject=cohort, facts={"before": {"a": 1}}),
        record("pause.made", actor=other_artist, subject=artist),
        record("pause.lifted", actor=None, subject=artist),
    ]


def shown(browser: Client, **asked: str | int) -> list[int]:
    return [event.sequence for event, _, _ in browser.get(PAGE, asked).context["rows"]]


def test_the_last_event_comes_first_with_all_that_is_known(
    browser: Client, trail: list[Event], manager: Artist
) -> None:
    page = browser.get(PAGE)

    assert [event.sequence for event, _, _ in page.context["rows"]] == [4, 3, 2, 1]
    for words in (manager.email, "pause.made", "artists.cohort", "by no person", "=1+1"):
        assert words in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"person": "MONA@example.org"}, [2, 1]),
        ({"person": "nobody@example.org"}, []),
        ({"person": "9" * 40}, []),
        ({"verb": "pause.made"}, [3, 1]),
        ({"subject": "artists.cohort"}, [2]),
        ({"subject": "ARTISTS.Artist  {ada}"}, [4, 3, 1]),
        ({"subject": "artists.artist 0"}, []),
        ({"verb": "pause.made", "person": "ben@example.org"}, [3]),
        ({"verb": "' OR 1=1 --"}, []),
        ({"after": "3"}, [2, 1]),
        ({"after": "9" * 40}, [4, 3, 2, 1]),
        ({"after": "²"}, [4, 3, 2, 1]),
    ],
)
def test_a_filter_finds_what_it_names(
    browser: Client, trail: list[Event], artist: Artist, asked: dict[str, str], found: list[int]
) -> None:
    asked = {name: value.format(ada=artist.pk) for name, value in asked.items()}

    assert shown(browser, **asked) == found


def test_a_person_is_found_by_number_when_nothing_else_is_left(
    browser: Client, trail: list[Event], other_artist: Artist
) -> None:
    assert shown(browser, person=other_artist.pk) == [3]


def test_the_time_is_a_filter_too(browser: Client, trail: list[Event]) -> None:
    now = timezone.localtime()
    before, later = (f"{now + timedelta(hours=n):%Y-%m-%dT%H:%M}" for n in (-1, 1))

    assert shown(browser, since=before, until=later) == [4, 3, 2, 1]
    assert shown(browser, since=later) == []
    assert shown(browser, until=before) == []
    wrong = browser.get(PAGE, {"since": "yesterday"})
    assert (wrong.status_code, wrong.context["rows"]) == (400, [])


def test_a_long_trail_comes_in_pages_of_as_many_queries(
    browser: Client, artist: Artist, django_assert_num_queries
) -> None:
    record("test.step", actor=artist, subject=artist)
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    for _ in range(119):
        record("test.step", actor=artist, subject=artist)

    with django_assert_num_queries(len(few)):
        first = browser.get(PAGE, {"verb": "test.step"})
    after = first.context["next_cursor"]

    assert len(few) <= 8
    assert f"?verb=test.step&amp;after={after}" in first.text
    assert shown(browser, after=after) == list(range(70, 20, -1))
    assert shown(browser, after=21) == list(range(20, 0, -1))
    assert browser.get(PAGE, {"after": 21}).context["next_cursor"] == ""


def test_the_csv_holds_what_the_filter_finds_and_no_formula(
    browser: Client, trail: list[Event], manager: Artist
) -> None:
    dangerous = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\ta",
        "\ra",
        " =1",
        "\uff1d1",
        "plain",
        'a"b,c\n',
    ]
    for name in dangerous:
        record(name[:60], actor=manager, subject=manager)

    answer = browser.get(f"{PAGE}export/csv/", {"person": manager.email})

    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="audit-' in answer["Content-Disposition"]
    text = answer.getvalue().decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == COLUMNS
    assert [row[0] for row in rows] == ["1", "2", *map(str, range(5, 15))]
    verbs = [row[COLUMNS.index("verb")] for row in rows[2:]]
    assert verbs == [*(f"'{name}" for name in dangerous[:8]), *dangerous[8:]]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_json_holds_what_the_chain_is_made_of(browser: Client, trail: list[Event]) -> None:
    text = browser.get(f"{PAGE}export/json/").getvalue()

    events = json.loads(text)
    assert [event["sequence"] for event in events] == [1, 2, 3, 4]
    assert events[0]["facts"] == {"note": "=1+1"}
    assert [event["sha256"] for event in events] == [event.sha256 for event in trail]


def test_an_export_of_nothing_is_whole(browser: Client) -> None:
    assert browser.get(f"{PAGE}export/json/").getvalue() == b"[]\n"
    assert browser.get(f"{PAGE}export/csv/").getvalue().count(b"\n") == 1
    assert browser.get(f"{PAGE}export/xml/").status_code == 404


def test_an_export_reads_bit_by_bit(browser: Client, trail: list[Event]) -> None:
    """One query, whose rows are read while they are sent."""
    answer = browser.get(f"{PAGE}export/json/")
    with CaptureQueriesContext(connection) as queries:
        parts = list(answer)

    assert len(parts) == 5
    assert len(queries) <= 1  # PostgreSQL's own cursor is not counted


def test_the_page_says_from_where(browser: Client, artist: Artist, rf: RequestFactory) -> None:
    def act(request: HttpRequest) -> HttpResponse:
        record("test.step", actor=artist, subject=artist)
        return HttpResponse()

    OriginMiddleware(act)(rf.get("/", REMOTE_ADDR="203.0.113.7"))

    assert "203.0.113.7" in browser.get(PAGE).text


def test_a_subject_leads_to_where_it_is_looked_at(
    browser: Client,
    artist: Artist,
    cohort: Cohort,
    manager: Artist,
    make_submission: MakeSubmission,
    reviewer: Artist,
) -> None:
    limit = artist.limits.get()
    grant(limit, amount=1200, by=manager, reason="For the film")
    submission = claim(submission=make_submission(), reviewer=reviewer)
    decide(submission=submission, reviewer=reviewer, outcome="approve")
    record("cohort.changed", actor=manager, subject=cohort)
    record("role.given", actor=manager, subject=artist)

    rows = browser.get(PAGE).context["rows"]
    found = {event.verb: place for event, _, place in rows}

    review = submission.review.get_absolute_url()
    quotas = f"/quotas/artist-{artist.pk}/"
    assert found["limit.set"] == found["role.given"] == ("Quotas: Ada", quotas)
    assert found["cohort.changed"].address == f"/admissions/cohorts/{cohort.pk}/"
    for verb in ("review.claimed", "opinion.given", "decision.made"):
        assert found[verb] == ("Its review", review)
    for place in found.values():
        assert browser.get(place.address).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FINDERS)
def test_what_is_gone_leads_nowhere(kind: str) -> None:
    key = str(uuid7()) if apps.get_model(kind)._meta.pk.get_internal_type() == "UUIDField" else "7"

    assert places_of([Event(sequence=1, subject_type=kind, subject_id=key)]) == {}


def test_subjects_of_one_kind_are_looked_up_together(
    artist: Artist, trail: list[Event], django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):  # artists, cohorts
        assert len(places_of(trail)) == 4

"""Everybody sees how the promise was kept, with what each figure means, at the cost of few rows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.models import Artist
from generations.models import ReviewMonth
from generations.promise.months import count_months
from generations.transparency.definitions import DEFINITIONS
from generations.transparency.figures import MONTHS_SHOWN, say_share
from tests.generations.reviews.settled import Settle, appeal_decided, settle

__all__ = ["settle"]

pytestmark = pytest.mark.django_db


def test_before_anything_was_submitted_the_page_says_so(client: Client) -> None:
    assert "Nothing was submitted yet" in client.get("/promise/").content.decode()


def test_the_figures_of_a_month_are_drawn_and_said(
    client: Client, settle: Settle, manager: Artist
) -> None:
    now = timezone.now()
    settle(now - timedelta(minutes=5), took=timedelta(hours=7), due_after=timedelta(hours=7))
    settle(now - timedelta(minutes=4), took=timedelta(hours=9), due_after=timedelta(hours=8))
    refused = settle(now - timedelta(minutes=3), took=timedelta(hours=8), outcome="reject")
    appeal_decided(refused, manager, "overturn", at=now)
    count_months()

    page = client.get("/promise/").content.decode()

    assert '<td class="is-number">8 h</td>' in page
    assert '<td class="is-number">9 h</td>' in page
    assert '<td class="is-number">50%</td>' in page  # of what was due, in time
    assert '<td class="is-number">66%</td>' in page  # approved
    assert '<td class="is-number">1 of 1</td>' in page  # overturned
    assert "Rights of others" in page
    assert page.count('role="img"') == 3
    assert all(one.figure in page for one in DEFINITIONS)


def test_a_visit_reads_kept_rows_and_counts_nothing(client: Client, settle: Settle) -> None:
    for number in range(30):
        month = datetime(2020 + number // 12, number % 12 + 1, 1, tzinfo=UTC).date()
        ReviewMonth.objects.create(month=month, counted_at=timezone.now(), approved=3, due=3)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/promise/")

    assert answer.content.decode().count('<th scope="row"') == MONTHS_SHOWN
    assert len(queries) <= 6
    for one in queries:
        assert "generations_submission" not in one["sql"]
        assert "generations_decision" not in one["sql"]


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "–"), (0, 5, "0%"), (1, 1000, "under 1%"), (999, 1000, "99%"), (7, 7, "100%")],
)
def test_no_share_is_rounded_up_to_all_or_down_to_none(part: int, whole: int, said: str) -> None:
    assert say_share(part, whole) == said

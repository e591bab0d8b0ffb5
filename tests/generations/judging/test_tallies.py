"""The tallies of the queue equal what they are of, whoever writes, whatever happens."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from artists.models import Artist, Cohort
from generations import tasks
from generations.judging import tallying, triggers
from generations.models import Review, Submission, Tally
from generations.models.tally import Sort
from generations.sharing.services import withdraw_submission
from portal.errors import PortalError
from tests.generations.reviews.acting import claim, decide, release
from tests.generations.sharing.fixtures import MakeSubmission


def tallies() -> dict[Sort, int]:
    return Tally.objects.read()[0]


def test_every_move_of_a_review_is_tallied(
    reviewer: Artist, make_submission: MakeSubmission, ground
) -> None:
    first, second, third, fourth = (make_submission() for _ in range(4))
    claim(submission=first, reviewer=reviewer)
    claim(submission=second, reviewer=reviewer)
    release(submission=second, reviewer=reviewer)
    claim(submission=third, reviewer=reviewer)
    decide(submission=third, reviewer=reviewer, outcome="reject", ground=ground, reason="A face.")
    withdraw_submission(fourth)
    Review.objects.filter(submission=second).update(is_flagged=True, level="managers")

    assert sorted((sort.status, sort.is_flagged) for sort in tallies()) == [
        ("claimed", False),
        ("waiting", True),
    ]
    assert tallies() == tallying.recount()


def test_a_review_that_moves_to_another_cohort_is_counted_there(submission: Submission) -> None:
    winter = Cohort.objects.create(name="Winter")
    Review.objects.update(cohort=winter)

    ((sort, count),) = tallies().items()

    assert (sort.cohort, count) == (winter.pk, 1)


def test_summing_up_changes_no_count(make_submission: MakeSubmission, reviewer: Artist) -> None:
    for _ in range(3):
        claim(submission=make_submission(), reviewer=reviewer)
    make_submission()
    before, version = Tally.objects.read()

    tasks.fold_tallies()

    assert tallies() == before
    assert Tally.objects.count() == 2
    assert Tally.objects.version() != version
    assert tallying.fold() == 0


def test_each_change_makes_a_new_version(submission: Submission, reviewer: Artist) -> None:
    review = Review.objects.filter(submission=submission)
    seen = {Tally.objects.version()}
    later = timezone.now() + timedelta(days=1)
    for column, value in (
        ("is_flagged", True),
        ("due_at", later),
        ("preferred_reviewer", reviewer),
    ):
        review.update(**{column: value})
        seen.add(Tally.objects.version())
    assert Tally.objects.read()[1] in seen
    claim(submission=submission, reviewer=reviewer)
    seen.add(Tally.objects.version())

    assert len(seen) == 4  # whose it is first is seen by nobody else


def test_what_is_rolled_back_is_not_counted(submission: Submission) -> None:
    before = tallies()

    with transaction.atomic():
        Review.objects.update(is_flagged=True)
        transaction.set_rollback(True)

    assert tallies() == before


def test_triggers_that_were_lost_come_back_and_the_tallies_with_them(
    make_submission: MakeSubmission,
) -> None:
    """A migration on SQLite that makes the table anew loses its triggers."""
    names = triggers.POSTGRESQL if connection.vendor == "postgresql" else triggers.SQLITE
    of_table = " ON generations_review" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER {name}{of_table}")
    make_submission()
    assert tallies() == {}

    triggers.ensure_triggers(using="default", sender=apps.get_app_config("generations"))
    make_submission()

    assert sum(tallies().values()) == 2
    assert tallies() == tallying.recount()


@pytest.mark.django_db(transaction=True)
def test_tallies_stay_right_while_many_write_and_the_schedule_sums_up(
    make_submission: MakeSubmission, make_artist
) -> None:
    """Threads with connections of their own; two of them sum up all the while."""
    submissions = [make_submission().pk for _ in range(12)]
    reviewers = [make_artist(f"Rita{number}", role="reviewer") for number in range(6)]
    done = Event()

    def sum_up() -> None:
        try:
            while not done.wait(0.01):
                tallying.fold()
        finally:
            connection.close()

    def act(number: int) -> None:
        chosen = random.Random(number)
        try:
            for _ in range(15):
                submission = Submission.objects.get(pk=chosen.choice(submissions))
                try:
                    claim(submission=submission, reviewer=reviewers[number])
                    release(submission=submission, reviewer=reviewers[number])
                except PortalError:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        summing = [threads.submit(sum_up) for _ in range(2)]
        acting = [threads.submit(act, number) for number in range(6)]
        for each in acting:
            each.result()
        done.set()
        for each in summing:
            each.result()

    assert tallies() == tallying.recount()
    tallying.fold()
    assert tallies() == tallying.recount()
    assert all(row.count > 0 for row in Tally.objects.all())

"""What nobody on the staff may decide is seen by managers, with what to do."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist, Departure
from artists.roles.services import set_roles
from generations import notices
from generations.models import Ground, Opinion, Review, Share, Submission
from generations.promise.escalating import escalate
from generations.reports.services import make_report
from generations.reviews import claiming, deciding
from tests.generations.promise.conftest import Promising, promising
from tests.generations.reviews.acting import let_stand, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

__all__ = ["promising"]

pytestmark = pytest.mark.django_db

LIST = reverse("generations:dashboard_stuck")


def say(review: Review, by: Artist, outcome: str, **said: Any) -> None:
    claiming.claim(review=review, reviewer=by)
    let_stand(deciding.decide(review=review, reviewer=by, outcome=outcome, **said))


@pytest.fixture
def stuck(submission: Submission, reviewer: Artist, manager: Artist, ground: Ground) -> Review:
    """Rita asked for a second person, and differed from Mona, the only manager."""
    review = review_of(submission)
    say(review, reviewer, "approve", wants_second=True)
    say(review, manager, "reject", ground=ground, reason="Whose face is it?")
    return review_of(submission)


def test_what_two_differ_on_is_stuck_where_no_other_manager_is(stuck: Review) -> None:
    assert (stuck.status, stuck.level) == ("waiting", "managers")
    assert list(Review.objects.stuck()) == [stuck]


def test_it_is_stuck_no_more_once_somebody_has_the_role(
    stuck: Review, other_artist: Artist, manager: Artist
) -> None:
    set_roles(other_artist, ["reviewer"], by=manager)
    assert Review.objects.stuck().exists()  # it takes a manager

    set_roles(other_artist, ["manager"], by=manager)

    assert not Review.objects.stuck().exists()
    claiming.claim(review=stuck, reviewer=other_artist)


@pytest.mark.parametrize("how", ["inactive", "left", "without the permission"])
def test_who_is_there_no_more_counts_for_nobody(
    how: str, stuck: Review, make_artist: Any, manager: Artist
) -> None:
    max_ = make_artist("Max", role="manager")
    assert not Review.objects.stuck().exists()
    if how == "inactive":
        Artist.objects.filter(pk=max_.pk).update(is_active=False)
    elif how == "left":
        now = timezone.now()
        way = {"kind": "ended", "by": manager, "reason": "Moved on", "ends_at": now}
        Departure.objects.create(artist=max_, erase_at=now + timedelta(days=30), **way)
    else:
        max_.groups.get().permissions.filter(codename="decide_escalated").delete()

    assert list(Review.objects.stuck()) == [stuck]


def test_a_second_person_who_is_needed_and_not_there(
    submission: Submission, reviewer: Artist
) -> None:
    review = review_of(submission)
    assert not Review.objects.stuck().exists()
    say(review, reviewer, "approve", wants_second=True)

    assert list(Review.objects.stuck()) == [review]


def test_a_report_that_all_have_dismissed_before(
    share: Share, reviewer: Artist, manager: Artist, ground: Ground
) -> None:
    """Rita approved it, and Mona dismissed what was reported first."""
    report = make_report(share, ground=ground, text="That is my face.")
    assert not Review.objects.stuck().exists()
    say(report.review, manager, "dismiss")

    again = make_report(share, ground=ground, text="It still is.")

    assert list(Review.objects.stuck()) == [again.review]


def test_own_work_is_stuck_where_its_artist_alone_reviews(
    make_submission: MakeSubmission, make_work: MakeWork, manager: Artist, client: Client
) -> None:
    """I9: and says no more of it to them than that."""
    submission = make_submission(make_work(manager), title="Monas boat")
    client.force_login(manager)

    page = client.get(LIST).text

    assert list(Review.objects.stuck()) == [review_of(submission)]
    assert "A work of your own" in page
    assert review_of(submission).get_absolute_url() not in page


def test_nothing_is_stuck_that_somebody_may_decide_holds_or_has_just_decided(
    make_submission: MakeSubmission, reviewer: Artist, manager: Artist
) -> None:
    make_submission()
    claiming.claim(review=review_of(make_submission()), reviewer=reviewer)
    review = review_of(make_submission())
    claiming.claim(review=review, reviewer=manager)
    deciding.decide(review=review, reviewer=manager, outcome="approve", wants_second=True)
    Artist.objects.filter(pk=reviewer.pk).update(is_active=False)

    assert not Review.objects.stuck().exists()
    let_stand(*Opinion.objects.all())
    assert list(Review.objects.stuck()) == [review]


def test_managers_see_it_on_the_dashboard_in_its_list_and_on_its_page(
    stuck: Review, client: Client, manager: Artist, reviewer: Artist
) -> None:
    client.force_login(manager)
    today = client.get(reverse("generations:dashboard")).context["today"]
    figure = next(one for one in today if one.label == "Overdue submissions")
    said = "1 review nobody may decide"
    assert (figure.note, figure.note_link, figure.is_bad) == (said, LIST, True)

    shown = client.get(LIST)
    page = client.get(stuck.get_absolute_url())

    assert list(shown.context["rows"]) == [stuck]
    roles = f'href="{reverse("artists:roles")}"'
    for answer in (shown, page):
        assert roles in answer.text
        assert "another manager" in answer.text or "“manager”" in answer.text
    assert "Claim this submission" not in page.text
    client.force_login(reviewer)
    to_reviewer = client.get(stuck.get_absolute_url()).text
    assert "Tell a manager: it takes one more manager." in to_reviewer
    assert roles not in to_reviewer


def test_a_reviewer_who_had_a_part_is_offered_no_claim(
    submission: Submission, client: Client, reviewer: Artist, manager: Artist
) -> None:
    say(review_of(submission), reviewer, "approve", wants_second=True)
    client.force_login(reviewer)

    page = client.get(review_of(submission).get_absolute_url()).text

    assert "You have judged this before." in page
    assert "Claim this submission" not in page


def test_the_letter_before_the_date_tells_managers_what_to_do(
    stuck: Review, make_submission: MakeSubmission, promising: Promising, manager: Artist
) -> None:
    promising(weekdays="1234567")
    make_submission(title="Crane")
    with time_machine.travel(stuck.due_at - timedelta(hours=8), tick=False):
        for letter_id in escalate():
            notices.tell("escalation", letter_id)

    last = [letter for letter in mail.outbox if letter.to == [manager.email]][-1]
    assert "submission “Boat” (nobody may decide it)" in last.body
    assert "Of 1 of these" in last.body
    assert reverse("artists:roles") in last.body
    first = next(letter for letter in mail.outbox if letter.to != [manager.email])
    assert reverse("artists:roles") not in first.body


def test_finding_them_takes_two_queries_however_many_there_are(
    make_submission: MakeSubmission, reviewer: Artist
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as ran:
            list(Review.objects.stuck())
        return len(ran)

    say(review_of(make_submission()), reviewer, "approve", wants_second=True)
    few = queries()
    for _ in range(5):
        say(review_of(make_submission()), reviewer, "approve", wants_second=True)

    assert few == queries() == 2
    assert Review.objects.stuck().count() == 6

"""What reviewers see of a submission that comes after another: what was said, what is other now."""

from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Generation, Ground, Submission
from generations.notes.services import pin
from generations.prompts.services import remove
from generations.reviews.following import Change, before_of
from generations.sharing.services import withdraw_submission
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

REASON = "It is the title of a song. Another one, please."


@pytest.fixture
def answered(submission: Submission, reviewer: Artist, ground: Ground) -> Submission:
    """Rita asked Ada for changes, and pinned a note."""
    claim(submission=submission, reviewer=reviewer)
    pin(
        submission=submission,
        author=reviewer,
        first_frame=12,
        last_frame=12,
        text="I know this sail.",
        drawing=[],
    )
    decide(
        submission=submission, reviewer=reviewer, outcome="changes", ground=ground, reason=REASON
    )
    return submission


def page_of(client: Client, submission: Submission, reader: Artist) -> str:
    client.force_login(reader)
    answer = client.get(submission.review.get_absolute_url())
    assert answer.status_code == 200
    return unescape(answer.text)


def test_after_changes_its_page_says_what_was_asked_for_and_what_is_other_now(
    client: Client,
    reviewer: Artist,
    ground: Ground,
    answered: Submission,
    make_submission: MakeSubmission,
) -> None:
    again = make_submission(answered.generation, title="White sail", show_prompt=False)

    panel = page_of(client, again, reviewer).partition('id="before"')[2].partition("</section>")[0]

    assert "Changes were asked for" in panel
    assert REASON in panel
    assert ground.title in panel
    assert "I know this sail." in panel
    assert "the same, to the byte" in panel
    assert answered.review.get_absolute_url() in panel
    before = before_of(again)
    assert before is not None
    assert before.changes == [
        Change("Title", "Boat", "White sail"),
        Change("Prompt on the public page", "yes", "no"),
    ]


def test_the_queue_says_that_it_comes_after_changes(
    client: Client, reviewer: Artist, answered: Submission, make_submission: MakeSubmission
) -> None:
    client.force_login(reviewer)
    make_submission()
    assert "after changes" not in client.get(reverse("generations:queue")).text

    make_submission(answered.generation)

    assert client.get(reverse("generations:queue")).text.count("after changes") == 1


def test_another_take_comes_after_what_was_said_of_the_clip_it_was_made_from(
    client: Client,
    reviewer: Artist,
    answered: Submission,
    make_work: MakeWork,
    make_submission: MakeSubmission,
) -> None:
    take = make_work(parent=answered.generation, prompt="A paper crane on a canal")
    again = make_submission(take)

    page = page_of(client, again, reviewer)

    before = before_of(again)
    assert before is not None
    assert before.submission == answered
    assert not before.is_same_clip
    assert before.changes == [Change("Prompt", answered.generation.prompt, take.prompt)]
    assert REASON in page


def test_after_a_rejection_too_the_latest_decision_of_the_work_is_shown(
    reviewer: Artist, answered: Submission, ground: Ground, make_submission: MakeSubmission
) -> None:
    second = claim(submission=make_submission(answered.generation), reviewer=reviewer)
    decide(submission=second, reviewer=reviewer, outcome="reject", ground=ground, reason=REASON)

    before = before_of(make_submission(answered.generation))

    assert before is not None
    assert (before.submission, before.decision.outcome) == (second, "reject")


def test_nothing_stands_before_a_first_one_or_what_was_taken_back_removed_or_is_anothers(
    reviewer: Artist,
    other_artist: Artist,
    answered: Submission,
    make_work: MakeWork,
    make_submission: MakeSubmission,
) -> None:
    taken_back = make_submission()
    withdraw_submission(taken_back)

    def before_one_of(**facts: Generation) -> object:
        return before_of(make_submission(make_work(**facts)))

    assert before_one_of() is None
    assert before_of(make_submission(taken_back.generation)) is None
    assert before_of(make_submission(make_work(other_artist, parent=answered.generation))) is None
    with transaction.atomic():
        remove(answered.generation)
    assert before_one_of(parent=answered.generation) is None


def test_reviewers_read_where_a_clip_is_meant_to_go(
    client: Client, reviewer: Artist, make_submission: MakeSubmission
) -> None:
    submission = make_submission(destination="A night of short films in Lagos")

    assert "A night of short films in Lagos" in page_of(client, submission, reviewer)


def test_an_earlier_decision_leads_to_its_own_page(
    client: Client, reviewer: Artist, answered: Submission, make_submission: MakeSubmission
) -> None:
    page = page_of(client, make_submission(title="Crane"), reviewer)

    earlier = page.partition('id="earlier-title"')[2]
    assert f'href="{answered.review.get_absolute_url()}"' in earlier
    assert answered.title in earlier

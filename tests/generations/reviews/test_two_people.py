"""Some decisions need two people; words are whole, and some stay inside."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist, Cohort
from generations.models import (
    Decision,
    Ground,
    Opinion,
    ReplyTemplate,
    Review,
    Submission,
    VideoModel,
    WebhookDelivery,
    WebhookEndpoint,
)
from generations.notes.services import pin
from generations.reviews import deciding
from generations.reviews.errors import EscalationNeedsWords, ReasonHasGaps
from generations.webhooks.sending import write
from tests.generations.reviews.acting import claim, decide, let_stand, review_of

REASON = "Whose face is it?"


@pytest.fixture
def second_reviewer(make_artist: Any) -> Artist:
    return make_artist("Sven", role="reviewer")


def say(submission: Submission, reviewer: Artist, outcome: str = "approve", **said: Any) -> Opinion:
    claim(submission=submission, reviewer=reviewer)
    review = review_of(submission)
    return deciding.decide(review=review, reviewer=reviewer, outcome=outcome, **said)


@pytest.mark.parametrize("asks", ["cohort", "video model"])
def test_a_cohort_or_a_video_model_may_need_two(
    asks: str,
    submission: Submission,
    reviewer: Artist,
    second_reviewer: Artist,
    video_model: VideoModel,
    cohort: Cohort,
) -> None:
    if asks == "cohort":
        Cohort.objects.filter(pk=cohort.pk).update(needs_two_reviewers=True)
        Review.objects.filter(submission=submission).update(cohort=cohort)
    else:
        VideoModel.objects.filter(pk=video_model.pk).update(needs_two_reviewers=True)

    let_stand(say(submission, reviewer))
    assert not Decision.objects.exists()
    let_stand(say(submission, second_reviewer))

    assert Decision.objects.get().reviewer == second_reviewer


def test_a_ground_may_need_two_and_an_approval_then_needs_one(
    submission: Submission, reviewer: Artist, second_reviewer: Artist, ground: Ground
) -> None:
    Ground.objects.filter(pk=ground.pk).update(needs_two_reviewers=True)

    let_stand(say(submission, reviewer, "reject", ground=ground, reason=REASON))
    assert not Decision.objects.exists()
    let_stand(say(submission, second_reviewer, "reject", ground=ground, reason=REASON))

    assert Decision.objects.get().outcome == Decision.Outcome.REJECT


def test_a_manager_who_escalates_to_themselves_is_one_person_still(
    submission: Submission, manager: Artist, reviewer: Artist, cohort: Cohort
) -> None:
    """I9: what needs two people is not decided by one who claims it twice."""
    Cohort.objects.filter(pk=cohort.pk).update(needs_two_reviewers=True)
    Review.objects.filter(submission=submission).update(cohort=cohort)
    let_stand(say(submission, manager, "escalate", words_inside="Mine, then"))

    let_stand(say(submission, manager))
    assert not Decision.objects.exists()
    let_stand(say(submission, reviewer))

    assert Decision.objects.get().reviewer == reviewer


def test_a_manager_decides_alone_on_what_another_escalated(
    submission: Submission, manager: Artist, reviewer: Artist, cohort: Cohort
) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(needs_two_reviewers=True)
    Review.objects.filter(submission=submission).update(cohort=cohort)
    let_stand(say(submission, reviewer, "escalate", words_inside="A court case is on"))

    let_stand(say(submission, manager))

    assert Decision.objects.get().reviewer == manager


def test_the_second_sees_nothing_of_what_the_first_said(
    client: Client,
    submission: Submission,
    reviewer: Artist,
    second_reviewer: Artist,
    ground: Ground,
) -> None:
    said = "The third face from the left"
    let_stand(say(submission, reviewer, "reject", ground=ground, reason=said, wants_second=True))
    client.force_login(second_reviewer)
    address = review_of(submission).get_absolute_url()

    before = client.get(address).content.decode()
    claim(submission=submission, reviewer=second_reviewer)
    while_claimed = client.get(address).content.decode()

    for page in (before, while_claimed, client.get("/reviews/").content.decode()):
        assert said not in page
        assert reviewer.credit_name not in page


def test_words_with_gaps_are_not_sent(
    client: Client, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    """By the service, and by a direct request."""
    words = "It shows {whose face}."
    with pytest.raises(ReasonHasGaps):
        deciding.decide(
            review=review_of(claimed),
            reviewer=reviewer,
            outcome="reject",
            ground=ground,
            reason=words,
        )
    client.force_login(reviewer)

    answer = client.post(
        reverse("generations:decide", args=[review_of(claimed).pk]),
        {"outcome": "reject", "ground": ground.pk, "reason": words},
    )

    assert answer.status_code == 400
    assert "Fill in {whose face}." in answer.content.decode()
    assert not Opinion.objects.exists()


def test_a_reviewer_may_begin_from_a_reply(
    client: Client, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    ReplyTemplate.objects.create(
        name="Faces", outcome="reject", ground_code="rights", text="It shows {whose face}."
    )
    client.force_login(reviewer)

    page = client.get(review_of(claimed).get_absolute_url()).content.decode()

    assert f'data-ground="{ground.pk}" data-text="It shows {{whose face}}."' in page


def test_an_escalation_needs_words_that_managers_alone_read(
    client: Client, artist: Artist, submission: Submission, reviewer: Artist, manager: Artist
) -> None:
    claim(submission=submission, reviewer=reviewer)
    with pytest.raises(EscalationNeedsWords):
        deciding.decide(review=review_of(submission), reviewer=reviewer, outcome="escalate")
    words = "A court case is on about this face"
    let_stand(say(submission, reviewer, "escalate", words_inside=words))

    client.force_login(manager)
    assert words in client.get(review_of(submission).get_absolute_url()).content.decode()
    client.force_login(artist)
    assert words not in client.get(submission.generation.get_absolute_url()).content.decode()


def test_a_webhook_tells_what_was_decided_and_why(
    artist: Artist, submission: Submission, reviewer: Artist, ground: Ground
) -> None:
    WebhookEndpoint.objects.create(
        artist=artist, name="n", url="https://a.example/", event_types=["submission.decided"]
    )
    WebhookEndpoint.objects.create(
        artist=artist, name="o", url="https://b.example/", event_types=["video.completed"]
    )
    claim(submission=submission, reviewer=reviewer)
    pin(
        submission=submission,
        author=reviewer,
        first_frame=3,
        last_frame=9,
        text="This one.",
        drawing=[],
    )
    decide(submission=submission, reviewer=reviewer, outcome="reject", ground=ground, reason=REASON)

    message = write(WebhookDelivery.objects.get())

    assert message.url == "https://a.example/"
    event = json.loads(message.body)
    assert event["type"] == "submission.decided"
    assert event["data"]["id"] == str(submission.pk)
    assert event["data"]["ground"] == {"code": "rights", "version": 1}
    assert event["data"]["reason"] == REASON
    assert event["data"]["frames"] == [{"first_frame": 3, "last_frame": 9, "text": "This one."}]
    assert event["data"]["appeal_until"] > event["data"]["decided_at"]
    assert "Rita" not in message.body

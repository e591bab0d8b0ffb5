"""A reviewer's way through one submission."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models import (
    Decision,
    Ground,
    Opinion,
    Review,
    Share,
    Submission,
    SubmissionSet,
)
from generations.prompts.services import remove
from generations.reviews import deciding
from tests.generations.reviews.acting import claim, decide, let_stand, review_of
from tests.generations.sharing.fixtures import (
    MakeSubmission,
    MakeWork,
    change_on_disk,
    stored_bytes,
)

MAX_QUERIES = 18
REASON = "Whose face is it?"


@pytest.fixture
def second_reviewer(make_artist: Callable[..., Artist]) -> Artist:
    return make_artist("Sven", role="reviewer")


def address(name: str, submission: Submission, *more: str) -> str:
    return reverse(f"generations:{name}", args=[review_of(submission).pk, *more])


def test_a_reviewer_claims_and_approves(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    client.force_login(reviewer)
    page = client.get(address("review", submission)).content.decode()
    assert address("claim", submission) in page
    assert address("decide", submission) not in page

    claimed = client.post(address("claim", submission), follow=True)
    assert address("decide", submission) in claimed.content.decode()
    decided = client.post(address("decide", submission), {"outcome": "approve"})
    let_stand()

    assert decided["Location"] == reverse("generations:queue")
    assert Share.objects.get().submission == submission
    assert "Decided" in client.get(address("review", submission)).content.decode()


def test_a_reviewer_refuses_with_a_ground_and_the_artist_reads_it(
    client: Client, reviewer: Artist, artist: Artist, claimed: Submission, ground: Ground
) -> None:
    client.force_login(reviewer)

    client.post(
        address("decide", claimed), {"outcome": "reject", "ground": ground.pk, "reason": REASON}
    )
    let_stand()

    client.force_login(artist)
    page = client.get(claimed.generation.get_absolute_url()).content.decode()
    assert ground.title in page
    assert REASON in page


def test_a_refusal_without_a_ground_keeps_what_was_typed(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)

    answer = client.post(address("decide", claimed), {"outcome": "reject", "reason": REASON})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Choose the ground that this rests on." in page
    assert REASON in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize("kind", ["master", "proxy", "poster", "filmstrip", "waveform"])
def test_a_reviewer_sees_the_files_of_a_submission(
    kind: str, client: Client, reviewer: Artist, submission: Submission
) -> None:
    client.force_login(reviewer)

    answer = client.get(address("review_file", submission, kind))

    assert answer.getvalue() == stored_bytes(submission.generation, kind)


def test_a_reviewer_is_not_shown_a_file_that_was_changed(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    """I1: what a reviewer sees is what the decision will name."""
    change_on_disk(submission.rendition)
    client.force_login(reviewer)

    assert client.get(address("review_file", submission, "master")).status_code == 404


def test_a_review_of_a_removed_work_says_so_and_asks_for_no_files(
    client: Client, reviewer: Artist, share: Share, caplog: pytest.LogCaptureFixture
) -> None:
    submission = share.submission
    with TestCase.captureOnCommitCallbacks(execute=True):
        remove(submission.generation)
    client.force_login(reviewer)

    page = client.get(address("review", submission)).content.decode()

    assert "Removed by its artist" in page
    assert "<video" not in page
    assert client.get(address("review_file", submission, "poster")).status_code == 404
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_reviewer_sees_what_was_decided_before_for_the_same_artist(
    client: Client,
    reviewer: Artist,
    other_artist: Artist,
    ground: Ground,
    make_work: MakeWork,
    make_submission: MakeSubmission,
) -> None:
    for work, reason in ((make_work(), REASON), (make_work(other_artist), "Another's.")):
        earlier = claim(submission=make_submission(work), reviewer=reviewer)
        decide(
            submission=earlier, reviewer=reviewer, outcome="reject", ground=ground, reason=reason
        )
    client.force_login(reviewer)

    page = client.get(address("review", make_submission())).content.decode()

    assert REASON in page
    assert "Another's." not in page


def test_the_page_takes_few_queries_whatever_came_before(
    client: Client,
    reviewer: Artist,
    make_submission: MakeSubmission,
    django_assert_max_num_queries,
) -> None:
    for _ in range(12):
        earlier = claim(submission=make_submission(), reviewer=reviewer)
        decide(submission=earlier, reviewer=reviewer, outcome="approve")
    submission = make_submission()
    client.force_login(reviewer)

    with django_assert_max_num_queries(MAX_QUERIES):
        assert client.get(address("review", submission)).status_code == 200


def test_a_second_reviewer_sees_whose_it_is_and_cannot_decide(
    client: Client, make_artist, claimed: Submission
) -> None:
    client.force_login(make_artist("Sven", role="reviewer"))

    page = client.get(address("review", claimed)).content.decode()
    answer = client.post(address("decide", claimed), {"outcome": "approve"})

    assert "Rita" in page
    assert address("decide", claimed) not in page
    assert answer.status_code == 409
    assert not Decision.objects.exists()


def test_a_claim_is_given_back_from_the_page(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)

    client.post(address("release", claimed))

    claimed.refresh_from_db()
    assert claimed.status == Submission.Status.WAITING


@pytest.mark.parametrize("name", ["review", "review_file", "claim", "release", "decide"])
@pytest.mark.parametrize("who", ["artist", "other_artist", "own reviewer"])
def test_without_the_role_and_on_own_work_there_is_nothing(
    name: str,
    who: str,
    client: Client,
    artist: Artist,
    other_artist: Artist,
    reviewer: Artist,
    make_work: MakeWork,
    make_submission: MakeSubmission,
) -> None:
    """I7, I9: every address of a review answers 404."""
    people = {"artist": artist, "other_artist": other_artist, "own reviewer": reviewer}
    submission = make_submission(make_work(people[who] if who == "own reviewer" else artist))
    client.force_login(people[who])
    path = address(name, submission, *(["master"] if name == "review_file" else []))

    ask = client.get if name.startswith("review") else client.post
    assert ask(path, {"outcome": "approve"}).status_code == 404

    submission.refresh_from_db()
    assert submission.status == Submission.Status.WAITING


def test_a_manager_may_review_too(client: Client, manager: Artist, submission: Submission) -> None:
    client.force_login(manager)

    client.post(address("claim", submission))

    assert review_of(submission).claimed_by == manager


def test_the_line_of_keys_names_those_alone_that_do_something(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    client.force_login(reviewer)
    waiting = client.get(address("review", submission)).text
    claim(submission=submission, reviewer=reviewer)
    held = client.get(address("review", submission)).text

    assert ("claims it" in waiting, "approves" in waiting, "a note at this" in waiting) == (
        True,
        False,
        False,
    )
    assert ("claims it" in held, "approves" in held, "a note at this" in held) == (
        False,
        True,
        True,
    )


def test_what_is_kept_for_another_reviewer_is_not_offered(
    client: Client, reviewer: Artist, second_reviewer: Artist, submission: Submission
) -> None:
    Review.objects.filter(submission=submission).update(
        preferred_reviewer=second_reviewer, preferred_until=timezone.now() + timedelta(days=1)
    )
    client.force_login(reviewer)

    page = client.get(address("review", submission)).text

    assert "kept for them" in page
    assert address("claim", submission) not in page


def test_what_another_has_just_decided_is_not_offered(
    client: Client, reviewer: Artist, second_reviewer: Artist, submission: Submission
) -> None:
    claim(submission=submission, reviewer=second_reviewer)
    deciding.decide(review=review_of(submission), reviewer=second_reviewer, outcome="approve")
    client.force_login(reviewer)

    page = client.get(address("review", submission)).text

    assert "Just decided" in page
    assert address("claim", submission) not in page


def test_who_decides_after_their_claim_keeps_their_words_and_records_them_at_once(
    client: Client, reviewer: Artist, claimed: Submission, ground: Ground
) -> None:
    said = {"outcome": "reject", "ground": ground.pk, "reason": REASON, "words_inside": "Odd."}
    client.force_login(reviewer)
    Review.objects.update(claim_expires_at=timezone.now())

    answer = client.post(address("decide", claimed), said)

    assert answer.status_code == 409
    assert "Your claim on this was over." in answer.text
    assert "<strong>Reject</strong>" in answer.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert {**said, "ground": str(ground.pk)}.items() <= hidden.items()
    assert not Opinion.objects.exists()

    client.post(address("decide", claimed), hidden | {"claim": "1"})

    opinion = Opinion.objects.get()
    assert (opinion.reason, opinion.ground, opinion.words_inside) == (REASON, ground, "Odd.")


def test_who_was_too_late_still_reads_what_they_wrote(
    client: Client, reviewer: Artist, second_reviewer: Artist, claimed: Submission, ground: Ground
) -> None:
    said = {"outcome": "reject", "ground": ground.pk, "reason": REASON}
    Review.objects.update(claim_expires_at=timezone.now())
    claim(submission=claimed, reviewer=second_reviewer)
    client.force_login(reviewer)

    for more in ({}, {"claim": "1"}):
        answer = client.post(address("decide", claimed), said | more)
        assert answer.status_code == 409
        assert "somebody else was quicker" in answer.text
        assert f">{REASON}</p>" in answer.text
        assert 'name="claim"' not in answer.text
    assert not Opinion.objects.exists()


def test_a_decision_that_is_not_whole_is_kept_too_where_the_claim_is_over(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)
    Review.objects.update(claim_expires_at=timezone.now())

    answer = client.post(address("decide", claimed), {"outcome": "reject", "reason": REASON})
    again = client.post(
        address("decide", claimed), {"outcome": "reject", "reason": REASON, "claim": "1"}
    )

    assert f">{REASON}</p>" in answer.text
    assert "Choose the ground that this rests on." in again.text
    assert f"{REASON}</textarea>" in again.text


def test_a_whole_set_too_is_claimed_again_and_decided(
    client: Client, artist: Artist, reviewer: Artist, make_submission: MakeSubmission
) -> None:
    clips = [make_submission(), make_submission()]
    together = SubmissionSet.objects.create(artist=artist, title="Two boats")
    Submission.objects.update(set=together)
    claim(submission=clips[0], reviewer=reviewer)
    said = {"outcome": "approve", "whole_set": "on"}
    client.force_login(reviewer)
    Review.objects.update(claim_expires_at=timezone.now())

    assert client.post(address("decide", clips[0]), said).status_code == 409
    client.post(address("decide", clips[0]), said | {"claim": "1"})

    assert Opinion.objects.count() == 2

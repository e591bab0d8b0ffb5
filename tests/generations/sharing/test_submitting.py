"""An artist asks that a work may be shared."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Decision, Generation, Ground, Rendition, Review, Share, Submission
from generations.models.generation import Status
from generations.sharing.errors import (
    AlreadyShared,
    AlreadySubmitted,
    NotShareable,
    TooLateToWithdraw,
)
from generations.sharing.forms import SubmissionForm
from generations.sharing.services import withdraw, withdraw_submission, withdraw_work
from tests.generations.reviews.acting import claim, decide, review_of
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, MakeWork

WORDS = {"title": "Boat", "note": "Made of paper.", "credit_name": "Ada L.", "show_prompt": "on"}


@time_machine.travel(datetime(2026, 11, 26, 10, 30, tzinfo=UTC), tick=False)
def test_a_submission_is_due_when_the_programme_promises(make_submission: MakeSubmission) -> None:
    submission = make_submission()

    assert submission.due_at == datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
    assert submission.status == Submission.Status.WAITING
    assert submission.rendition.kind == Rendition.Kind.MASTER


@pytest.mark.parametrize("status", [status for status in Status if status != Status.READY])
def test_only_a_finished_work_is_submitted(
    status: Status, make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    with pytest.raises(NotShareable):
        make_submission(make_work(status=status))


def test_a_removed_work_is_not_submitted(
    make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    with pytest.raises(NotShareable):
        make_submission(make_work(removed_at=datetime(2026, 1, 1, tzinfo=UTC)))


def test_a_work_without_a_share_master_is_not_submitted(
    work: Generation, make_submission: MakeSubmission
) -> None:
    work.renditions.filter(kind=Rendition.Kind.MASTER).delete()

    with pytest.raises(NotShareable):
        make_submission(work)


def test_a_work_has_one_undecided_submission(
    work: Generation, make_submission: MakeSubmission
) -> None:
    make_submission(work)

    with pytest.raises(AlreadySubmitted):
        make_submission(work)
    assert Submission.objects.count() == 1


def test_the_database_too_holds_one_undecided_submission_a_work(submission: Submission) -> None:
    submission.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        submission.save(force_insert=True)


def test_a_shared_work_is_submitted_again_only_after_its_share_has_ended(
    work: Generation, artist: Artist, make_share: MakeShare, make_submission: MakeSubmission
) -> None:
    share = make_share(work)

    with pytest.raises(AlreadyShared):
        make_submission(work)
    withdraw(share, artist=artist)
    assert make_submission(work).status == Submission.Status.WAITING


@pytest.mark.parametrize("outcome", [Decision.Outcome.REJECT, Decision.Outcome.CHANGES])
def test_a_refused_work_may_be_submitted_again(
    outcome: str,
    claimed: Submission,
    reviewer: Artist,
    ground: Ground,
    make_submission: MakeSubmission,
) -> None:
    decide(submission=claimed, reviewer=reviewer, outcome=outcome, ground=ground, reason="Whose?")

    again = make_submission(claimed.generation, title="Boat, again")

    history = Submission.objects.history(claimed.generation)
    assert [each.title for each in history] == ["Boat, again", "Boat"]
    assert again.is_undecided


def test_who_was_asked_for_changes_is_told_how_to_make_them(
    client: Client, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    changes = Decision.Outcome.CHANGES
    decide(submission=claimed, reviewer=reviewer, outcome=changes, ground=ground, reason="Whose?")
    client.force_login(claimed.artist)

    page = client.get(claimed.generation.get_absolute_url()).text

    assert f'?remix={claimed.generation_id}">remix this clip</a>' in page


def test_a_submission_is_taken_back_before_somebody_reviews_it(submission: Submission) -> None:
    withdraw_submission(submission)

    submission.refresh_from_db()
    assert submission.status == Submission.Status.WITHDRAWN
    with pytest.raises(TooLateToWithdraw):
        withdraw_submission(submission)


def test_a_submission_in_review_is_not_taken_back(claimed: Submission) -> None:
    with pytest.raises(TooLateToWithdraw):
        withdraw_submission(claimed)


def test_removing_a_work_ends_what_is_submitted_and_shared_of_it(
    claimed: Submission, make_share: MakeShare
) -> None:
    share = make_share()

    withdraw_work(claimed.generation)
    withdraw_work(share.submission.generation)

    claimed.refresh_from_db()
    share.refresh_from_db()
    assert claimed.status == Submission.Status.WITHDRAWN
    assert share.status == Share.Status.WITHDRAWN


def test_an_artist_submits_from_the_page_of_the_work(
    client: Client, artist: Artist, work: Generation
) -> None:
    client.force_login(artist)

    answer = client.post(reverse("generations:submit", args=[work.pk]), WORDS)

    assert (answer.status_code, answer["Location"]) == (302, work.get_absolute_url())
    submission = Submission.objects.get()
    assert (submission.title, submission.artist, submission.show_prompt) == ("Boat", artist, True)


def test_submitting_twice_is_refused_in_words(
    client: Client, artist: Artist, work: Generation
) -> None:
    client.force_login(artist)
    client.post(reverse("generations:submit", args=[work.pk]), WORDS)

    answer = client.post(reverse("generations:submit", args=[work.pk]), WORDS)

    assert answer.status_code == 409
    assert "already waiting" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Give it a title."),
        ("title", "x" * 121, "at most 120"),
        ("title", "Boat\nBcc: all@example.org", "line breaks"),
        ("title", "Boat\u202e yb", "direction"),
        ("title", "\u2067Boat", "direction"),
        ("title", "\u200b\u2800\u3164", "can be seen"),
        ("destination", "A feed\u202d", "direction"),
        ("credit_name", "Ada\x1b[31m", "control characters"),
        ("credit_name", "Ada\u2066", "control characters"),
        ("note", "x" * 1001, "at most 1000"),
        ("note", "bell\x07", "control characters"),
    ],
)
def test_words_that_do_not_fit_are_named_by_their_field(
    field: str, value: str, words: str, db: None
) -> None:
    form = SubmissionForm(WORDS | {field: value})

    assert list(form.errors) == [field]
    assert words in form.errors[field][0]


@pytest.mark.parametrize(
    "title",
    [
        "\u0642\u0627\u0631\u0628 \u0645\u0646 \u0648\u0631\u0642",  # a paper boat, in Arabic
        "\u05e1\u05d9\u05e8\u05ea \u05e0\u05d9\u05d9\u05e8\u200f!",  # in Hebrew, and a mark
        "\u0642\u0627\u06cc\u0642\u200c\u0647\u0627",  # boats, in Persian, with a joiner
        "\U0001f469\u200d\U0001f3a8",  # a painter, of two signs
    ],
)
def test_titles_are_written_in_every_script(title: str, db: None) -> None:
    form = SubmissionForm(WORDS | {"title": title})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == title


def test_words_that_do_not_fit_submit_nothing(
    client: Client, artist: Artist, work: Generation
) -> None:
    client.force_login(artist)

    answer = client.post(reverse("generations:submit", args=[work.pk]), WORDS | {"title": ""})

    assert answer.status_code == 400
    assert "Give it a title." in answer.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("words", [WORDS, {"title": ""}])
def test_a_work_that_waits_is_not_submitted_whatever_the_form_says(
    client: Client,
    artist: Artist,
    make_generation: Callable[[], Generation],
    words: dict[str, str],
) -> None:
    client.force_login(artist)
    address = reverse("generations:submit", args=[make_generation().pk])

    answer = client.post(address, words)

    assert answer.status_code == 409
    assert "Only a finished work can be submitted" in answer.content.decode()


def test_the_form_remembers_what_was_said_the_last_time(
    work: Generation, make_submission: MakeSubmission
) -> None:
    first = SubmissionForm.for_work(work)
    make_submission(work, title="Boat II", show_prompt=False, file_has_name=True)

    again = SubmissionForm.for_work(work)

    usual = {"file_has_name": False, "file_has_prompt": False, "file_allows_training": False}
    assert first.initial == {"credit_name": "Ada"} | usual
    assert again.initial["file_has_name"] is True
    assert again.initial["title"] == "Boat II"
    assert again.initial["show_prompt"] is False


def test_the_works_of_others_do_not_exist_for_those_who_submit(
    client: Client, other_artist: Artist, work: Generation
) -> None:
    """I7: another's work answers 404."""
    client.force_login(other_artist)

    answer = client.post(reverse("generations:submit", args=[work.pk]), WORDS)

    assert answer.status_code == 404
    assert not Submission.objects.exists()


def test_the_submissions_of_others_do_not_exist_for_those_who_take_back(
    client: Client, other_artist: Artist, submission: Submission
) -> None:
    """I7: another's submission answers 404."""
    client.force_login(other_artist)

    answer = client.post(reverse("generations:withdraw_submission", args=[submission.pk]))

    submission.refresh_from_db()
    assert answer.status_code == 404
    assert submission.status == Submission.Status.WAITING


def test_the_history_of_a_work_takes_few_queries(
    django_assert_num_queries, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    decide(
        submission=claimed,
        reviewer=reviewer,
        outcome=Decision.Outcome.REJECT,
        ground=ground,
        reason="Whose face is it?",
    )

    work = Generation.objects.get(pk=claimed.generation_id)

    with django_assert_num_queries(3):  # with its apologies and its notes
        (entry,) = Submission.objects.history(work)
        assert entry.decision.ground == ground
        assert not hasattr(entry, "share")


def test_a_reviewer_who_submits_cannot_claim_it(
    make_work: MakeWork, make_submission: MakeSubmission, reviewer: Artist
) -> None:
    own = make_submission(make_work(reviewer))

    assert not Review.objects.claim([review_of(own).pk], reviewer)
    with pytest.raises(Exception, match="own work"):
        claim(submission=own, reviewer=reviewer)

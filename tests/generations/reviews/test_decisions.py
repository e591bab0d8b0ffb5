"""A decision: by somebody else, on a ground where it refuses, about exact bytes."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from artists.models import Artist
from generations.models import Decision, Ground, Review, Share, Submission
from generations.reviews.errors import (
    AlreadyDecided,
    ClaimIsOver,
    OwnWork,
    RefusalNeedsGround,
    WasWithdrawn,
)
from generations.reviews.forms import DecisionForm
from generations.sharing.services import withdraw_work
from portal.audit import Event
from tests.generations.reviews.acting import claim, decide, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

REFUSALS = [Decision.Outcome.REJECT, Decision.Outcome.CHANGES]
REASON = "Whose face is it?"


@pytest.fixture
def second_reviewer(make_artist) -> Artist:
    return make_artist("Sven", role="reviewer")


def test_an_approval_opens_a_share_of_the_reviewed_bytes(
    claimed: Submission, reviewer: Artist
) -> None:
    """I1: the decision names the hash of each file that the public will see."""
    decision = decide(submission=claimed, reviewer=reviewer, outcome="approve")

    claimed.refresh_from_db()
    hashes = dict(claimed.generation.renditions.values_list("kind", "sha256"))
    assert claimed.status == Submission.Status.APPROVED
    assert claimed.share.is_live
    assert decision.reviewer == reviewer
    assert decision.rendition_sha256 == hashes["master"] == claimed.rendition.sha256
    assert decision.sha256_of("master") == claimed.public_copy.sha256 != hashes["master"]
    assert decision.sha256_of("proxy") == hashes["proxy"]
    assert decision.sha256_of("poster") == hashes["poster"]
    assert decision.sha256_of("filmstrip") == hashes["filmstrip"]
    assert decision.sha256_of("waveform") == ""


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Decision.Outcome.REJECT, Submission.Status.REJECTED),
        (Decision.Outcome.CHANGES, Submission.Status.CHANGES_ASKED),
    ],
)
def test_a_refusal_keeps_its_ground_and_reason_and_opens_nothing(
    outcome: str, status: str, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    decision = decide(
        submission=claimed, reviewer=reviewer, outcome=outcome, ground=ground, reason=f" {REASON} "
    )

    claimed.refresh_from_db()
    assert claimed.status == status
    assert (decision.ground, decision.reason) == (ground, REASON)
    assert not Share.objects.exists()


def test_an_approval_rests_on_no_ground(
    claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    decision = decide(submission=claimed, reviewer=reviewer, outcome="approve", ground=ground)

    assert decision.ground is None


@pytest.mark.parametrize("outcome", REFUSALS)
@pytest.mark.parametrize(("has_ground", "reason"), [(False, REASON), (True, ""), (True, " \n ")])
def test_a_refusal_needs_a_ground_and_a_reason(
    outcome: str,
    has_ground: bool,
    reason: str,
    claimed: Submission,
    reviewer: Artist,
    ground: Ground,
) -> None:
    """I9: the service refuses one without."""
    with pytest.raises(RefusalNeedsGround):
        decide(
            submission=claimed,
            reviewer=reviewer,
            outcome=outcome,
            ground=ground if has_ground else None,
            reason=reason,
        )

    claimed.refresh_from_db()
    assert claimed.is_undecided


@pytest.mark.parametrize("outcome", REFUSALS)
@pytest.mark.parametrize("missing", ["ground", "reason"])
def test_the_database_too_refuses_a_refusal_without_ground_or_reason(
    outcome: str, missing: str, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    """I9: tried past the services."""
    facts = {"ground": ground, "reason": REASON} | {missing: "" if missing == "reason" else None}

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            submission=claimed,
            artist=claimed.artist,
            reviewer=reviewer,
            outcome=outcome,
            rendition_sha256="0" * 64,
            **facts,
        )


@pytest.mark.parametrize("outcome", REFUSALS)
@pytest.mark.parametrize("missing", ["ground", "reason"])
def test_the_form_names_what_a_refusal_lacks(outcome: str, missing: str, ground: Ground) -> None:
    said = {"outcome": outcome, "ground": ground.pk, "reason": REASON} | {missing: ""}

    assert list(DecisionForm(said).errors) == [missing]


def test_a_retired_ground_is_no_longer_chosen(ground: Ground) -> None:
    Ground.objects.filter(pk=ground.pk).update(retired_at=timezone.now())

    form = DecisionForm({"outcome": "reject", "ground": ground.pk, "reason": REASON})

    assert list(form.errors) == ["ground"]


def test_nobody_decides_their_own_work(
    make_work: MakeWork, make_submission: MakeSubmission, reviewer: Artist
) -> None:
    """I9: the service refuses, even where a claim were forged."""
    own = make_submission(make_work(reviewer))

    with pytest.raises(OwnWork):
        decide(submission=own, reviewer=reviewer, outcome="approve")
    assert not Review.objects.decide(review_of(own).pk, reviewer)


def test_the_database_too_refuses_a_decision_on_own_work(
    submission: Submission, artist: Artist
) -> None:
    """I9: tried past the services."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            artist=artist,
            reviewer=artist,
            outcome="approve",
            rendition_sha256="0" * 64,
        )


def test_the_database_refuses_a_review_that_nobody_decided(submission: Submission) -> None:
    """I9: nor may its own artist stand as the one who did."""
    same = Review.objects.filter(submission=submission)

    for nobody in (None, submission.artist):
        with pytest.raises(IntegrityError), transaction.atomic():
            same.update(status=Review.Status.DECIDED, claimed_by=nobody)


def test_the_database_refuses_an_end_without_a_time(submission: Submission) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(status="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(submission=submission).update(status="closed")


def test_the_database_refuses_a_second_decision(claimed: Submission, reviewer: Artist) -> None:
    """I9: one submission, one decision."""
    decision = decide(submission=claimed, reviewer=reviewer, outcome="approve")
    decision.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)


def test_a_submission_is_decided_once(
    claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    decide(submission=claimed, reviewer=reviewer, outcome="approve")

    with pytest.raises(AlreadyDecided):
        decide(
            submission=claimed, reviewer=reviewer, outcome="reject", ground=ground, reason=REASON
        )
    claimed.refresh_from_db()
    assert claimed.status == Submission.Status.APPROVED
    assert claimed.decision.outcome == Decision.Outcome.APPROVE


def test_without_a_claim_nothing_is_decided(submission: Submission, reviewer: Artist) -> None:
    with pytest.raises(ClaimIsOver):
        decide(submission=submission, reviewer=reviewer, outcome="approve")


def test_a_reviewer_whose_expired_claim_another_took_decides_nothing(
    claimed: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        claim(submission=claimed, reviewer=second_reviewer)
        with pytest.raises(ClaimIsOver):
            decide(submission=claimed, reviewer=reviewer, outcome="approve")
        decision = decide(submission=claimed, reviewer=second_reviewer, outcome="approve")

    assert decision.reviewer == second_reviewer
    assert Decision.objects.count() == Share.objects.count() == 1


def test_what_its_artist_removed_meanwhile_is_not_decided(
    claimed: Submission, reviewer: Artist
) -> None:
    withdraw_work(claimed.generation)

    with pytest.raises(WasWithdrawn):
        decide(submission=claimed, reviewer=reviewer, outcome="approve")


def test_a_decision_stands_in_the_audit_trail(
    claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    """I10: who decided what about which bytes, without the words, which may be personal."""
    decision = decide(
        submission=claimed, reviewer=reviewer, outcome="reject", ground=ground, reason=REASON
    )

    event = Event.objects.get(verb="decision.made")
    assert (event.actor_id, event.subject_id) == (reviewer.pk, str(decision.pk))
    assert event.facts == {
        "submission": str(claimed.pk),
        "outcome": "reject",
        "ground": "rights",
        "ground_version": 1,
        "rendition_sha256": claimed.rendition.sha256,
        "public_sha256": "",
    }


@pytest.mark.usefixtures("tasks_run_at_once")
def test_an_artist_reads_by_mail_why_a_work_was_refused(
    claimed: Submission, reviewer: Artist, ground: Ground, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decide(
            submission=claimed, reviewer=reviewer, outcome="reject", ground=ground, reason=REASON
        )

    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert letter.subject == "Greenroom: “Boat” is not approved"
    for words in (ground.title, REASON, claimed.generation.get_absolute_url()):
        assert words in letter.body


@pytest.mark.usefixtures("tasks_run_at_once")
def test_an_artist_gets_the_public_address_by_mail(
    claimed: Submission, reviewer: Artist, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decide(submission=claimed, reviewer=reviewer, outcome="approve")

    (letter,) = mail.outbox
    assert f"http://localhost:8000/s/{claimed.share.slug}/" in letter.body


@pytest.mark.usefixtures("tasks_run_at_once")
def test_the_words_of_an_artist_reach_a_letter_as_they_are(
    make_submission: MakeSubmission, reviewer: Artist, django_capture_on_commit_callbacks
) -> None:
    submission = make_submission(title='<b>"Ship" & \n sail</b>')
    claim(submission=submission, reviewer=reviewer)

    with django_capture_on_commit_callbacks(execute=True):
        decide(submission=submission, reviewer=reviewer, outcome="approve")

    (letter,) = mail.outbox
    assert letter.subject == 'Greenroom: “<b>"Ship" & sail</b>” is approved'


@pytest.mark.usefixtures("tasks_run_at_once")
def test_a_letter_that_cannot_be_sent_leaves_the_decision_as_it_is(
    settings, claimed: Submission, reviewer: Artist, django_capture_on_commit_callbacks, caplog
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nobody listens

    with django_capture_on_commit_callbacks(execute=True):
        decide(submission=claimed, reviewer=reviewer, outcome="approve")

    assert claimed.share.is_live
    assert "generations.tasks.tell" in caplog.text
    assert "Connection refused" in caplog.text

"""An appeal is decided by somebody who had no part before; what is overturned is undone (I9)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from artists.models import Artist
from generations.appeals import services
from generations.models import (
    Appeal,
    Decision,
    Ground,
    Opinion,
    Review,
    Share,
    Submission,
    WebhookEndpoint,
)
from generations.models.webhook import EVENT_TYPES
from generations.reviews import claiming, deciding
from generations.reviews.errors import HadAPart, OutcomeDoesNotFit, OwnWork, UpholdingNeedsWords
from generations.sharing.services import take_down
from portal.audit import Event
from tests.generations.appeals.fixtures import (
    REASON,
    TEXT,
    MakeAppeal,
    MakeRefusal,
    MakeTakeDown,
    judge,
)
from tests.generations.reviews.acting import claim, decide, let_stand
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, public_bytes


@pytest.mark.parametrize("outcome", ["reject", "changes"])
def test_an_overturned_refusal_opens_a_share_of_the_reviewed_bytes(
    outcome: str,
    make_refusal: MakeRefusal,
    make_appeal: MakeAppeal,
    second_reviewer: Artist,
    client: Client,
) -> None:
    """I1: by a second approved submission, whose decision names each file."""
    refused = make_refusal(outcome)
    appeal = judge(make_appeal(refused), by=second_reviewer, outcome="overturn", reason="It is.")

    refused.refresh_from_db()
    again = Submission.objects.get(previous=refused)
    assert (refused.status, again.status) == ("overturned", "approved")
    assert (again.title, again.credit_name) == (refused.title, refused.credit_name)
    assert (appeal.outcome, appeal.decided_by, appeal.answer) == (
        "overturn",
        second_reviewer,
        "It is.",
    )
    decision = again.decision
    hashes = dict(refused.generation.renditions.values_list("kind", "sha256"))
    assert (decision.reviewer, decision.outcome) == (second_reviewer, "approve")
    assert decision.rendition_sha256 == hashes["master"]
    assert decision.sha256_of("master") == again.public_copy.sha256
    share = Share.objects.standing().get()
    assert client.get(share.get_absolute_url()).status_code == 200
    assert client.get(share.video_url).getvalue() == public_bytes(share)
    first = Decision.objects.get(submission=refused).reviewer
    assert first is not None
    assert first.credit_name == "Rita"


def test_the_approval_of_an_overturn_says_what_it_follows(
    client: Client, artist: Artist, appeal: Appeal, second_reviewer: Artist
) -> None:
    judge(appeal, by=second_reviewer, outcome="overturn")
    client.force_login(artist)

    page = client.get(appeal.the_submission.generation.get_absolute_url()).text

    assert "an appeal overturned what was decided on that" in page
    assert "for which changes were asked" not in page


def test_webhooks_hear_of_the_approval_that_an_overturn_makes(
    appeal: Appeal, artist: Artist, second_reviewer: Artist
) -> None:
    endpoint = WebhookEndpoint.objects.create(
        artist=artist, name="hers", url="https://hooks.example/", event_types=list(EVENT_TYPES)
    )

    judge(appeal, by=second_reviewer, outcome="overturn")

    told = endpoint.deliveries.get(decision__isnull=False)
    assert told.decision == Submission.objects.get(status="approved").decision


def test_an_upheld_refusal_stands_with_words_to_the_artist(
    appeal: Appeal, second_reviewer: Artist
) -> None:
    appeal = judge(appeal, by=second_reviewer, outcome="uphold", reason="It is a friend’s.")

    assert (appeal.outcome, appeal.answer) == ("uphold", "It is a friend’s.")
    assert appeal.the_submission.status == Submission.Status.UPHELD
    assert not Share.objects.exists()
    assert Event.objects.filter(verb="appeal.decided").count() == 1


def test_a_page_whose_take_down_is_overturned_opens_again_at_its_address(
    make_take_down: MakeTakeDown, make_appeal: MakeAppeal, second_reviewer: Artist, client: Client
) -> None:
    share = make_take_down()
    address, before = share.get_absolute_url(), public_bytes(share)
    assert client.get(address).status_code == 410

    judge(make_appeal(share.submission), by=second_reviewer, outcome="overturn")

    assert client.get(address).status_code == 200
    share.refresh_from_db()
    assert public_bytes(share) == before
    assert (share.taken_down_by, share.ground, share.reason) == (None, None, "")
    assert Opinion.objects.get(outcome="take_down").reason == REASON
    assert Event.objects.get(verb="share.reinstated").actor_id == second_reviewer.pk


def test_a_take_down_that_is_upheld_stands(
    make_take_down: MakeTakeDown, make_appeal: MakeAppeal, second_reviewer: Artist
) -> None:
    share = make_take_down()

    appeal = judge(make_appeal(share.submission), by=second_reviewer, outcome="uphold", reason="No")

    share.refresh_from_db()
    assert (share.status, appeal.outcome) == ("taken_down", "uphold")
    assert share.submission.status == Submission.Status.APPROVED


def test_a_page_taken_down_a_second_time_is_appealed_against_again(
    make_take_down: MakeTakeDown,
    make_appeal: MakeAppeal,
    second_reviewer: Artist,
    make_artist: Callable[..., Artist],
) -> None:
    share = make_take_down()
    judge(make_appeal(share.submission), by=second_reviewer, outcome="overturn")
    share.refresh_from_db()
    make_take_down(share)

    appeal = make_appeal(share.submission)
    with pytest.raises(HadAPart):
        claiming.claim(review=appeal.review, reviewer=second_reviewer)
    judge(appeal, by=make_artist("Tess", role="reviewer"), outcome="overturn")

    assert Share.objects.get().is_live


def test_who_had_a_part_neither_claims_nor_decides(
    appeal: Appeal, reviewer: Artist, artist: Artist, second_reviewer: Artist
) -> None:
    """I9"""
    with pytest.raises(HadAPart):
        claiming.claim(review=appeal.review, reviewer=reviewer)
    with pytest.raises(OwnWork):
        claiming.claim(review=appeal.review, reviewer=artist)
    # As if a claim had been had in another way.
    Review.objects.filter(pk=appeal.review.pk).update(
        status="claimed", claimed_by=reviewer, claim_expires_at=timezone.now() + timedelta(hours=1)
    )
    with pytest.raises(HadAPart):
        deciding.decide(review=appeal.review, reviewer=reviewer, outcome="overturn")

    assert not Opinion.objects.filter(outcome="overturn").exists()


def test_a_manager_decides_no_appeal_against_their_take_down(
    make_take_down: MakeTakeDown, make_appeal: MakeAppeal, manager: Artist, reviewer: Artist
) -> None:
    """I9: nor does who approved what was taken down."""
    appeal = make_appeal(make_take_down().submission)

    for one in (manager, reviewer):
        with pytest.raises(HadAPart):
            claiming.claim(review=appeal.review, reviewer=one)


def test_a_manager_may_take_down_what_they_approved_and_has_a_part_in_it(
    submission: Submission, manager: Artist, ground: Ground, make_appeal: MakeAppeal
) -> None:
    claim(submission=submission, reviewer=manager)
    decide(submission=submission, reviewer=manager, outcome="approve")
    take_down(Share.objects.get(), manager=manager, ground=ground, reason=REASON)

    appeal = make_appeal(submission)

    assert appeal.against
    assert appeal.against.outcome == "take_down"
    with pytest.raises(HadAPart):
        claiming.claim(review=appeal.review, reviewer=manager)


def test_who_overturned_decides_nothing_about_the_page_that_they_opened(
    appeal: Appeal,
    second_reviewer: Artist,
    make_take_down: MakeTakeDown,
    make_appeal: MakeAppeal,
) -> None:
    judge(appeal, by=second_reviewer, outcome="overturn")
    share = make_take_down(Share.objects.get())

    later = make_appeal(share.submission)

    with pytest.raises(HadAPart):
        claiming.claim(review=later.review, reviewer=second_reviewer)


@pytest.mark.parametrize("who", ["reviewer", "manager", "artist"])
@pytest.mark.parametrize("against", ["refusal", "take_down"])
def test_the_database_refuses_an_appeal_decided_by_who_had_a_part(
    who: str,
    against: str,
    make_take_down: MakeTakeDown,
    make_refusal: MakeRefusal,
    make_appeal: MakeAppeal,
    request: pytest.FixtureRequest,
) -> None:
    """I9: tried past the services. Of a refusal the manager had no part."""
    submission = make_take_down().submission if against == "take_down" else make_refusal()
    appeal = make_appeal(submission)
    person = request.getfixturevalue(who)
    end = {"outcome": "overturn", "decided_by": person, "decided_at": timezone.now()}
    if (who, against) == ("manager", "refusal"):
        Appeal.objects.filter(pk=appeal.pk).update(**end)
        return

    with pytest.raises(IntegrityError, match=r"no part|artist"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(**end)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(
            review=appeal.review,
            about=submission,
            reviewer=person,
            artist=submission.artist,
            outcome="overturn",
        )


def test_the_database_refuses_an_appeal_that_is_upheld_without_words(
    appeal: Appeal, second_reviewer: Artist
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.create(
            review=appeal.review,
            about=appeal.submission,
            reviewer=second_reviewer,
            artist=appeal.artist,
            outcome="uphold",
        )


def test_an_appeal_is_upheld_with_words_and_answered_with_nothing_else(
    appeal: Appeal, second_reviewer: Artist, ground: Ground
) -> None:
    review = claiming.claim(review=appeal.review, reviewer=second_reviewer)

    with pytest.raises(UpholdingNeedsWords):
        deciding.decide(review=review, reviewer=second_reviewer, outcome="uphold", reason=" ")
    with pytest.raises(OutcomeDoesNotFit):
        deciding.decide(review=review, reviewer=second_reviewer, outcome="approve")


def test_the_decision_on_an_appeal_is_undone_in_its_time(
    appeal: Appeal, second_reviewer: Artist
) -> None:
    review = claiming.claim(review=appeal.review, reviewer=second_reviewer)
    opinion = deciding.decide(review=review, reviewer=second_reviewer, outcome="overturn")

    deciding.undo(opinion=opinion, reviewer=second_reviewer)
    let_stand()

    appeal.refresh_from_db()
    assert appeal.is_open
    assert not Share.objects.exists()
    judge(appeal, by=second_reviewer, outcome="uphold", reason="No.")


def test_an_appeal_is_enacted_once_however_often_its_message_comes(
    appeal: Appeal, second_reviewer: Artist
) -> None:
    judge(appeal, by=second_reviewer, outcome="overturn")
    let_stand(*Opinion.objects.filter(outcome="overturn"))

    assert Share.objects.count() == 1
    assert Event.objects.filter(verb="appeal.decided").count() == 1


def test_the_overturns_of_a_ground_are_counted_from_its_appeals(
    make_refusal: MakeRefusal, second_reviewer: Artist, ground: Ground
) -> None:
    appeals = [services.appeal(submission=make_refusal(), text=TEXT) for _ in range(4)]
    judge(appeals[0], by=second_reviewer, outcome="overturn")
    judge(appeals[1], by=second_reviewer, outcome="uphold", reason="No.")
    services.withdraw(appeals[2])
    Ground.objects.create(code=ground.code, version=2, title="Rights", text="New words.")

    counted = {
        (one.code, one.version): (one.appeals_decided, one.overturns)
        for one in Ground.objects.with_overturns()
    }

    assert counted["rights", 1] == counted["rights", 2] == (2, 1)
    assert counted["safety", 1] == (0, 0)


def test_a_reviewer_without_a_part_may_decide_on_what_was_escalated(
    make_submission: MakeSubmission,
    make_share: MakeShare,
    reviewer: Artist,
    manager: Artist,
    second_reviewer: Artist,
    ground: Ground,
    make_appeal: MakeAppeal,
) -> None:
    """Who handed it on without judging it had no part either."""
    submission = claim(submission=make_submission(), reviewer=reviewer)
    review = Review.objects.get(submission=submission)
    let_stand(
        deciding.decide(review=review, reviewer=reviewer, outcome="escalate", words_inside="Hard.")
    )
    claim(submission=submission, reviewer=manager)
    decide(submission=submission, reviewer=manager, outcome="reject", ground=ground, reason=REASON)

    judge(make_appeal(submission), by=reviewer, outcome="overturn")

    assert Share.objects.get().is_live

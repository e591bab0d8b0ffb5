"""What an overturn publishes needs two people where its approval would; managers get the rest."""

from typing import Any

import pytest
from django.test import Client

from artists.models import Artist, Cohort
from generations.models import Appeal, Ground, Opinion, Review, Share, VideoModel
from generations.reviews import claiming, deciding
from generations.reviews.errors import EscalationNeedsWords, HadAPart, ManagersDecide
from tests.generations.appeals.fixtures import MakeAppeal, MakeTakeDown, judge
from tests.generations.reviews.acting import let_stand


@pytest.fixture
def third_reviewer(make_artist: Any) -> Artist:
    return make_artist("Tess", role="reviewer")


@pytest.fixture
def two_needed(appeal: Appeal, cohort: Cohort) -> Appeal:
    """An appeal of somebody whose cohort asks for two people."""
    Cohort.objects.filter(pk=cohort.pk).update(needs_two_reviewers=True)
    return appeal


@pytest.mark.parametrize("asks", ["cohort", "video model", "ground"])
def test_an_overturn_that_publishes_waits_for_a_second_person(
    asks: str,
    appeal: Appeal,
    cohort: Cohort,
    video_model: VideoModel,
    second_reviewer: Artist,
    third_reviewer: Artist,
) -> None:
    """I9: one person alone publishes nothing for which two are needed."""
    rows: Any = {
        "cohort": Cohort.objects.filter(pk=cohort.pk),
        "video model": VideoModel.objects.filter(pk=video_model.pk),
        "ground": Ground.objects.filter(pk=appeal.ground_id),
    }[asks]
    rows.update(needs_two_reviewers=True)

    appeal = judge(appeal, by=second_reviewer, outcome="overturn", reason="It is hers.")

    assert appeal.is_open
    assert appeal.review.status == Review.Status.WAITING
    assert not Share.objects.exists()
    with pytest.raises(HadAPart):
        claiming.claim(review=appeal.review, reviewer=second_reviewer)

    appeal = judge(appeal, by=third_reviewer, outcome="overturn", reason="Hers indeed.")

    assert (appeal.outcome, appeal.decided_by) == ("overturn", third_reviewer)
    assert Share.objects.get().is_live


def test_the_second_sees_an_appeal_fresh_and_its_artist_nothing_yet(
    two_needed: Appeal, client: Client, second_reviewer: Artist, third_reviewer: Artist
) -> None:
    said = "The mole on the left cheek"
    appeal = judge(two_needed, by=second_reviewer, outcome="overturn", reason=said)
    client.force_login(third_reviewer)
    before = client.get(appeal.review.get_absolute_url()).text
    claiming.claim(review=appeal.review, reviewer=third_reviewer)
    while_claimed = client.get(appeal.review.get_absolute_url()).text
    client.force_login(appeal.artist)

    for page in (before, while_claimed, client.get(appeal.get_absolute_url()).text):
        assert said not in page
        assert second_reviewer.credit_name not in page


def test_where_two_differ_on_an_appeal_a_manager_without_a_part_decides(
    two_needed: Appeal,
    client: Client,
    manager: Artist,
    second_reviewer: Artist,
    third_reviewer: Artist,
) -> None:
    appeal = judge(two_needed, by=second_reviewer, outcome="overturn", reason="It is hers.")

    appeal = judge(appeal, by=third_reviewer, outcome="uphold", reason="It is not.")

    assert appeal.is_open
    assert appeal.review.level == Review.Level.MANAGERS
    client.force_login(manager)
    page = client.get(appeal.review.get_absolute_url()).text
    assert "It is hers." in page
    assert "It is not." in page
    assert judge(appeal, by=manager, outcome="overturn").decided_by == manager
    assert Share.objects.get().is_live


def test_an_appeal_is_upheld_by_one(two_needed: Appeal, second_reviewer: Artist) -> None:
    """Nothing is published by it."""
    appeal = judge(two_needed, by=second_reviewer, outcome="uphold", reason="No.")

    assert appeal.outcome == "uphold"


def test_a_page_that_was_taken_down_opens_again_by_two_where_two_are_needed(
    make_take_down: MakeTakeDown,
    make_appeal: MakeAppeal,
    video_model: VideoModel,
    second_reviewer: Artist,
    third_reviewer: Artist,
) -> None:
    share = make_take_down()
    VideoModel.objects.filter(pk=video_model.pk).update(needs_two_reviewers=True)
    appeal = judge(make_appeal(share.submission), by=second_reviewer, outcome="overturn")
    share.refresh_from_db()
    assert share.is_taken_down

    judge(appeal, by=third_reviewer, outcome="overturn")

    share.refresh_from_db()
    assert share.is_live


def test_an_appeal_may_be_escalated_with_words_that_managers_read(
    appeal: Appeal, client: Client, second_reviewer: Artist, manager: Artist, reviewer: Artist
) -> None:
    """I9: then a manager who had no part decides, and no reviewer."""
    review = claiming.claim(review=appeal.review, reviewer=second_reviewer)
    with pytest.raises(EscalationNeedsWords):
        deciding.decide(review=review, reviewer=second_reviewer, outcome="escalate")
    client.force_login(second_reviewer)
    words = {"outcome": "escalate", "words_inside": "A court case is on."}
    assert client.post(f"/reviews/{review.pk}/decide/", {"outcome": "escalate"}).status_code == 400
    assert client.post(f"/reviews/{review.pk}/decide/", words).status_code == 302
    let_stand(Opinion.objects.get(outcome="escalate"))

    for one, refusal in ((second_reviewer, ManagersDecide), (reviewer, HadAPart)):
        with pytest.raises(refusal):
            claiming.claim(review=appeal.review, reviewer=one)
    client.force_login(manager)
    assert "A court case is on." in client.get(review.get_absolute_url()).text
    client.force_login(appeal.artist)
    assert "A court case is on." not in client.get(appeal.get_absolute_url()).text
    assert judge(appeal, by=manager, outcome="overturn").decided_by == manager


def test_a_manager_who_had_a_part_decides_no_escalated_appeal(
    make_take_down: MakeTakeDown,
    make_appeal: MakeAppeal,
    second_reviewer: Artist,
    manager: Artist,
    make_artist: Any,
) -> None:
    """I9"""
    appeal = make_appeal(make_take_down().submission)
    review = claiming.claim(review=appeal.review, reviewer=second_reviewer)
    said: dict[str, Any] = {"outcome": "escalate", "words_inside": "Over to you."}
    let_stand(deciding.decide(review=review, reviewer=second_reviewer, **said))

    with pytest.raises(HadAPart):
        claiming.claim(review=appeal.review, reviewer=manager)
    judge(appeal, by=make_artist("Max", role="manager"), outcome="overturn")

    assert Share.objects.get().is_live

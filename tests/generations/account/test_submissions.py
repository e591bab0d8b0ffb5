"""A program asks that a finished video may be shared, and hears what became of it."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from artists.terms.services import decline
from generations.ids import write_video_id
from generations.leaving.services import end_membership
from generations.models import Decision, Generation, Ground, Review, Share, Submission
from generations.models.generation import Status
from generations.sharing.services import take_down
from tests.artists.terms.texts import publish_text
from tests.generations.api.test_refusals import error_of
from tests.generations.pauses.conftest import paused
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, MakeWork

SUBMISSIONS = "/api/submissions"
JSON = "application/json"


def path_of(submission: Submission) -> str:
    return f"{SUBMISSIONS}/{submission.pk}"


def wish(work: Generation, **words: Any) -> dict[str, Any]:
    return {"video_id": write_video_id(work.pk), "title": "Boat"} | words


def test_a_finished_video_is_submitted_with_its_due_date(program: Client, work: Generation) -> None:
    answer = program.post(
        SUBMISSIONS,
        wish(work, note="Made of\npaper.", show_prompt=True, destination="A festival"),
        content_type=JSON,
    )

    submission = Submission.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(submission.pk),
        "object": "submission",
        "video_id": write_video_id(work.pk),
        "title": "Boat",
        "credit_name": "Ada",
        "note": "Made of\npaper.",
        "show_prompt": True,
        "destination": "A festival",
        "set_id": None,
        "previous_id": None,
        "status": "waiting",
        "created_at": int(submission.created_at.timestamp()),
        "due_at": int(submission.due_at.timestamp()),
        "first_due_at": int(submission.due_at.timestamp()),
        "closed_at": None,
        "decision": None,
        "share": None,
        "appeal": None,
        "appeal_until": None,
    }
    assert program.get(path_of(submission)).json() == answer.json()


def test_the_prompt_is_shown_only_where_that_is_asked_for(
    program: Client, work: Generation
) -> None:
    assert program.post(SUBMISSIONS, wish(work)).json()["show_prompt"] is False


@pytest.mark.parametrize(
    ("words", "param"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "a\ud800b"}, "title"),
        ({"title": ["a"]}, "title"),
        ({"credit_name": "a\u202eb"}, "credit_name"),
        ({"credit_name": ""}, "credit_name"),
        ({"note": "x" * 1001}, "note"),
        ({"note": "a\x1bb"}, "note"),
        ({"show_prompt": "perhaps"}, "show_prompt"),
        ({"show_prompt": 0}, "show_prompt"),
        ({"title": 5}, "title"),
        ({"video_id": "video_1"}, "video_id"),
        ({"video_id": 5}, "video_id"),
        ({"video_id": None}, "video_id"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(
    program: Client, work: Generation, words: dict[str, Any], param: str
) -> None:
    answer = program.post(SUBMISSIONS, wish(work, **words), content_type=JSON)

    assert answer.status_code == 400
    assert error_of(answer)["param"] == param
    assert not Submission.objects.exists()


def test_a_second_one_waits_for_the_first(program: Client, work: Generation) -> None:
    program.post(SUBMISSIONS, wish(work))

    answer = program.post(SUBMISSIONS, wish(work))

    assert (answer.status_code, error_of(answer)["code"]) == (409, "already_submitted")


def test_what_is_not_finished_or_is_removed_is_not_submitted(
    program: Client, make_work: MakeWork
) -> None:
    unfinished = program.post(SUBMISSIONS, wish(make_work(status=Status.RENDERING)))
    removed = program.post(SUBMISSIONS, wish(make_work(removed_at=timezone.now())))

    assert (unfinished.status_code, error_of(unfinished)["code"]) == (409, "not_shareable")
    assert (removed.status_code, error_of(removed)["code"]) == (404, "video_not_found")


def test_nobody_submits_or_sees_or_withdraws_anothers(
    other_program: Client, work: Generation, make_submission: MakeSubmission
) -> None:
    """I7"""
    answer = other_program.post(SUBMISSIONS, wish(work))
    assert (answer.status_code, error_of(answer)["code"]) == (404, "video_not_found")

    submission = make_submission(work)

    for answer in (
        other_program.get(path_of(submission)),
        other_program.delete(path_of(submission)),
        other_program.patch(path_of(submission), {"title": "Mine"}, content_type=JSON),
        other_program.get(f"{SUBMISSIONS}/{uuid.uuid4()}"),
    ):
        assert (answer.status_code, error_of(answer)["code"]) == (404, "submission_not_found")
    assert other_program.get(SUBMISSIONS).json()["data"] == []
    submission.refresh_from_db()
    assert submission.is_undecided


def test_it_is_amended_until_somebody_reviews_it(
    program: Client, submission: Submission, reviewer: Artist
) -> None:
    path, said = path_of(submission), {"title": "Ship", "note": ""}

    answer = program.patch(path, said, content_type=JSON).json()
    wrong = program.patch(path, {"title": "a\0b"}, content_type=JSON)
    claim(submission=submission, reviewer=reviewer)
    late = program.patch(path, {"title": "Boat"}, content_type=JSON)

    assert (answer["title"], answer["credit_name"]) == ("Ship", submission.credit_name)
    assert answer["due_at"] == int(submission.due_at.timestamp())
    assert wrong.status_code == 400
    assert (late.status_code, error_of(late)["code"]) == (409, "too_late_to_amend")


def test_a_misspelt_wish_changes_nothing_and_is_told(
    program: Client, make_work: MakeWork, submission: Submission
) -> None:
    made = program.post(SUBMISSIONS, wish(make_work(), credit="A. L."), content_type=JSON)
    amended = program.patch(path_of(submission), {"titel": "Ship"}, content_type=JSON)

    assert (made.status_code, error_of(made)["param"]) == (400, "credit")
    assert (amended.status_code, error_of(amended)["param"]) == (400, "titel")
    assert error_of(amended)["code"] == "unknown_parameter"
    assert list(Submission.objects.values_list("title", flat=True)) == [submission.title]


def test_it_is_withdrawn_once_and_not_under_review(
    program: Client, make_submission: MakeSubmission, reviewer: Artist
) -> None:
    submission = make_submission()
    claim(submission=submission, reviewer=reviewer)
    early = program.delete(path_of(submission))
    assert (early.status_code, error_of(early)["code"]) == (409, "too_late_to_withdraw")
    Review.objects.update(claim_expires_at=timezone.now())

    answer = program.delete(path_of(submission))
    again = program.delete(path_of(submission))

    assert answer.json()["status"] == "withdrawn"
    assert answer.json()["closed_at"]
    assert (again.status_code, error_of(again)["code"]) == (409, "too_late_to_withdraw")


def test_a_refusal_is_told_with_its_ground_and_without_its_reviewer(
    program: Client, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    decision = decide(
        submission=claimed,
        reviewer=reviewer,
        outcome=Decision.Outcome.REJECT,
        ground=ground,
        reason="The song is not yours.",
    )

    answer = program.get(path_of(claimed))

    assert answer.json()["status"] == "rejected"
    assert answer.json()["decision"] == {
        "outcome": "reject",
        "ground": {
            "code": "rights",
            "version": ground.version,
            "title": ground.title,
            "text": ground.text,
        },
        "reason": "The song is not yours.",
        "decided_at": int(decision.created_at.timestamp()),
    }
    assert answer.json()["share"] is None
    assert reviewer.credit_name not in answer.text


def test_a_share_is_told_until_its_end(
    program: Client, make_share: MakeShare, manager: Artist, ground: Ground
) -> None:
    share = make_share()
    told = program.get(path_of(share.submission)).json()
    assert told["decision"]["outcome"] == "approve"
    assert told["share"]["url"] == f"http://localhost:8000/s/{share.slug}/"
    assert (told["share"]["status"], told["share"]["ended_at"]) == ("live", None)

    take_down(share, manager=manager, ground=ground, reason="A claim came in.")

    ended = program.get(path_of(share.submission)).json()["share"]
    assert (ended["status"], ended["reason"]) == ("taken_down", "A claim came in.")
    assert ended["ground"]["code"] == "rights"
    assert ended["ended_at"]
    assert Share.objects.get().ended_at


def test_submissions_are_listed_page_by_page_the_newest_first_in_three_queries(
    program: Client,
    make_submission: MakeSubmission,
    make_share: MakeShare,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = [make_submission(), make_share().submission, make_submission()]
    newest_first = sorted((str(one.pk) for one in made), reverse=True)
    program.get(SUBMISSIONS)

    with django_assert_num_queries(3):  # with the appeals of shares
        first = program.get(SUBMISSIONS, {"limit": 2}).json()
    second = program.get(SUBMISSIONS, {"limit": 2, "after": first["last_id"]}).json()

    assert [one["id"] for one in first["data"] + second["data"]] == newest_first
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert program.get(SUBMISSIONS, {"after": "one"}).status_code == 400


@pytest.mark.parametrize("stopped_by", ["terms", "membership"])
def test_who_makes_nothing_new_submits_nothing_and_still_withdraws(
    program: Client,
    artist: Artist,
    manager: Artist,
    make_work: MakeWork,
    submission: Submission,
    stopped_by: str,
) -> None:
    code = "membership_ended"
    if stopped_by == "terms":
        publish_text("# Be kind\n")
        decline(artist)
        code = "terms_not_accepted"
    else:
        end_membership(artist, by=manager, ends_on=timezone.localdate(), reason="Over.")

    answer = program.post(SUBMISSIONS, wish(make_work()))

    assert (answer.status_code, error_of(answer)["code"]) == (403, code)
    assert program.get(path_of(submission)).status_code == 200
    assert program.delete(path_of(submission)).json()["status"] == "withdrawn"


def test_a_paused_token_submits_nothing(program: Client, token: Any, work: Generation) -> None:
    paused(token=token)

    answer = program.post(SUBMISSIONS, wish(work))

    assert (answer.status_code, error_of(answer)["code"]) == (403, "token_paused")
    assert not Submission.objects.exists()

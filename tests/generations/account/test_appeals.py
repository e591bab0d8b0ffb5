"""A program appeals, reads the answer, and writes to whoever decides."""

import pytest
from django.test import Client

from artists.models import Artist
from generations.appeals import thread
from generations.models import Appeal, Submission
from generations.reviews import claiming
from tests.generations.api.test_refusals import error_of
from tests.generations.appeals.fixtures import TEXT, MakeRefusal, MakeTakeDown, judge

JSON = "application/json"


def path_of(submission: Submission) -> str:
    return f"/api/submissions/{submission.pk}/appeal"


@pytest.mark.parametrize("against", ["reject", "changes", "take_down"])
def test_a_program_appeals(
    against: str, program: Client, make_refusal: MakeRefusal, make_take_down: MakeTakeDown
) -> None:
    is_refusal = against != "take_down"
    submission = make_refusal(against) if is_refusal else make_take_down().submission
    before = program.get(f"/api/submissions/{submission.pk}").json()
    assert (before["appeal"], type(before["appeal_until"])) == (None, int)

    answer = program.post(path_of(submission), {"text": TEXT}, content_type=JSON)

    appeal = Appeal.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(appeal.pk),
        "object": "appeal",
        "submission_id": str(submission.pk),
        "refused_prompt_id": None,
        "against": against,
        "text": TEXT,
        "status": "waiting",
        "created_at": int(appeal.created_at.timestamp()),
        "due_at": int(appeal.review.due_at.timestamp()),
        "decided_at": None,
        "answer": "",
        "messages": [],
    }
    assert program.get(path_of(submission)).json() == answer.json()
    after = program.get(f"/api/submissions/{submission.pk}").json()
    assert (after["appeal"]["status"], after["appeal_until"]) == ("waiting", None)


def test_the_answer_and_the_thread_name_nobody(
    program: Client, appeal: Appeal, second_reviewer: Artist
) -> None:
    claiming.claim(review=appeal.review, reviewer=second_reviewer)
    thread.write(appeal=appeal, author=second_reviewer, text="When was it made?")
    path = path_of(appeal.the_submission)

    wrote = program.post(f"{path}/messages", {"text": "In June."}, content_type=JSON)
    judge(appeal, by=second_reviewer, outcome="uphold", reason="No.")
    read = program.get(path)

    said = [(one["by"], one["text"]) for one in wrote.json()["messages"]]
    assert said == [("decider", "When was it made?"), ("you", "In June.")]
    assert (read.json()["status"], read.json()["answer"]) == ("upheld", "No.")
    assert second_reviewer.credit_name not in read.text


def test_an_appeal_is_taken_back_by_a_program(program: Client, appeal: Appeal) -> None:
    path = path_of(appeal.the_submission)

    assert program.delete(path).json()["status"] == "withdrawn"

    again = program.delete(path)
    assert (again.status_code, error_of(again)["code"]) == (409, "appeal_is_over")


@pytest.mark.parametrize("text", ["", " ", "x" * 4001, "a\x00b", 5, None])
def test_what_does_not_fit_is_refused_by_its_name(
    text: object, program: Client, make_refusal: MakeRefusal
) -> None:
    answer = program.post(path_of(make_refusal()), {"text": text}, content_type=JSON)

    assert (answer.status_code, error_of(answer)["param"]) == (400, "text")
    assert not Appeal.objects.exists()


def test_nobody_appeals_for_another_or_reads_it(
    other_program: Client, appeal: Appeal, make_refusal: MakeRefusal, program: Client
) -> None:
    """I7"""
    for answer in (
        other_program.post(path_of(make_refusal()), {"text": TEXT}, content_type=JSON),
        other_program.get(path_of(appeal.the_submission)),
        other_program.delete(path_of(appeal.the_submission)),
    ):
        assert (answer.status_code, error_of(answer)["code"]) == (404, "submission_not_found")
    never = program.get(path_of(Submission.objects.latest("pk")))
    assert (never.status_code, error_of(never)["code"]) == (404, "appeal_not_found")

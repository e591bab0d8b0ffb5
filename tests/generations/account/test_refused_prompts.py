"""A program reads which of its prompts were refused, and appeals."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.appeals import thread
from generations.checks.writing import make_rule
from generations.models import Appeal, CheckRule, Generation, RefusedPrompt
from generations.reviews import claiming
from tests.generations.account.conftest import client_of
from tests.generations.api.conftest import VIDEOS
from tests.generations.api.test_refusals import error_of
from tests.generations.appeals.fixtures import judge
from tests.generations.checks.rows import wording

JSON = "application/json"
PROMPTS = "/api/refused_prompts"
NAMED = "A portrait of Ada Lovelace"
TEXT = "She died in 1852."


@pytest.fixture(autouse=True)
def rule(manager: Artist) -> CheckRule:
    return make_rule(wording(), by=manager)


def refuse(program: Client, prompt: str = NAMED) -> str:
    """Send a prompt that the rule refuses, and return where it is read."""
    answer = program.post(VIDEOS, {"prompt": prompt}, content_type=JSON)
    error = answer.json()["error"]
    assert error["code"] == "prompt_refused"
    return f"{PROMPTS}/{error['refused_prompt']}"


def test_what_was_refused_is_read_at_the_id_that_the_refusal_gave(program: Client) -> None:
    path = refuse(program)
    refuse(program)

    answer = program.get(path)

    refused = RefusedPrompt.objects.get()
    ground = {name: getattr(refused.ground, name) for name in ("code", "version", "title", "text")}
    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(refused.pk),
        "object": "refused_prompt",
        "prompt": NAMED,
        "model": "sketch-1",
        "ground": ground,
        "refused_by": refused.by,
        "times": 2,
        "created_at": int(refused.created_at.timestamp()),
        "last_at": int(refused.last_at.timestamp()),
        "allowed_at": None,
        "appeal": None,
        "appeal_until": answer.json()["appeal_until"],
    }
    assert answer.json()["appeal_until"] > timezone.now().timestamp()
    assert program.get(PROMPTS).json()["data"] == [answer.json()]


def test_an_appeal_that_is_won_lets_the_prompt_pass(
    program: Client, second_reviewer: Artist
) -> None:
    path = refuse(program)

    made = program.post(f"{path}/appeal", {"text": TEXT}, content_type=JSON)

    appeal = Appeal.objects.get()
    assert made.status_code == 200
    assert made.json() == {
        "id": str(appeal.pk),
        "object": "appeal",
        "submission_id": None,
        "refused_prompt_id": str(appeal.refused_id),
        "against": None,
        "text": TEXT,
        "status": "waiting",
        "created_at": int(appeal.created_at.timestamp()),
        "due_at": int(appeal.review.due_at.timestamp()),
        "decided_at": None,
        "answer": "",
        "messages": [],
    }
    assert program.get(f"{path}/appeal").json() == made.json()
    waiting = program.get(path).json()
    assert (waiting["appeal"]["status"], waiting["appeal_until"]) == ("waiting", None)
    judge(appeal, by=second_reviewer, outcome="overturn")
    assert program.get(f"{path}/appeal").json()["status"] == "overturned"
    assert isinstance(program.get(path).json()["allowed_at"], int)
    assert program.post(VIDEOS, {"prompt": NAMED}, content_type=JSON).status_code == 200
    assert Generation.objects.get().prompt == NAMED


def test_the_thread_is_written_by_a_program(program: Client, second_reviewer: Artist) -> None:
    path = refuse(program)
    program.post(f"{path}/appeal", {"text": TEXT}, content_type=JSON)
    appeal = Appeal.objects.get()
    claiming.claim(review=appeal.review, reviewer=second_reviewer)
    thread.write(appeal=appeal, author=second_reviewer, text="Who is meant?")

    wrote = program.post(f"{path}/appeal/messages", {"text": "Nobody."}, content_type=JSON)

    said = [(one["by"], one["text"]) for one in wrote.json()["messages"]]
    assert said == [("decider", "Who is meant?"), ("you", "Nobody.")]
    late = program.delete(f"{path}/appeal")
    assert (late.status_code, error_of(late)["code"]) == (409, "too_late_to_take_back")


def test_an_appeal_is_taken_back_once_and_not_made_again(program: Client) -> None:
    path = f"{refuse(program)}/appeal"
    program.post(path, {"text": TEXT}, content_type=JSON)

    assert program.delete(path).json()["status"] == "withdrawn"

    again = program.delete(path)
    assert (again.status_code, error_of(again)["code"]) == (409, "appeal_is_over")
    anew = program.post(path, {"text": TEXT}, content_type=JSON)
    assert (anew.status_code, error_of(anew)["code"]) == (409, "already_appealed")


def test_there_is_no_appeal_once_the_days_are_over(program: Client) -> None:
    path = refuse(program)

    RefusedPrompt.objects.update(last_at=timezone.now() - timedelta(days=32))

    assert program.get(path).json()["appeal_until"] is None
    late = program.post(f"{path}/appeal", {"text": TEXT}, content_type=JSON)
    assert (late.status_code, error_of(late)["code"]) == (409, "too_late_to_appeal")


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001, "a\x00b", "a\x85b", 5, None])
def test_what_does_not_fit_is_refused_by_its_name(text: object, program: Client) -> None:
    answer = program.post(f"{refuse(program)}/appeal", {"text": text}, content_type=JSON)

    assert (answer.status_code, error_of(answer)["param"]) == (400, "text")
    assert not Appeal.objects.exists()


def test_nobody_reads_anothers_or_appeals_for_them(program: Client, other_program: Client) -> None:
    """I7"""
    path = refuse(program)
    without = f"{refuse(program, NAMED + ' again')}/appeal"
    program.post(f"{path}/appeal", {"text": TEXT}, content_type=JSON)

    for answer in (
        other_program.get(path),
        other_program.get(f"{path}/appeal"),
        other_program.post(without, {"text": TEXT}, content_type=JSON),
        other_program.delete(f"{path}/appeal"),
        other_program.post(f"{path}/appeal/messages", {"text": TEXT}, content_type=JSON),
    ):
        assert (answer.status_code, error_of(answer)["code"]) == (404, "refused_prompt_not_found")
    assert other_program.get(PROMPTS).json()["data"] == []
    assert Appeal.objects.get().is_open
    never = program.get(without)
    assert (never.status_code, error_of(never)["code"]) == (404, "appeal_not_found")


def test_a_list_goes_from_the_newest_and_costs_the_same_however_long(
    program: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The token, and the page."""
    paths = [refuse(program, f"{NAMED}, number {number}") for number in range(5)]
    program.post(f"{paths[1]}/appeal", {"text": TEXT}, content_type=JSON)
    ids = [path.rpartition("/")[2] for path in reversed(paths)]

    with django_assert_num_queries(2):
        first = program.get(PROMPTS, {"limit": 3}).json()
    with django_assert_num_queries(2):
        second = program.get(PROMPTS, {"limit": 3, "after": first["last_id"]}).json()

    assert [one["id"] for one in first["data"]] == ids[:3]
    assert [one["id"] for one in second["data"]] == ids[3:]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_the_scopes_are_those_of_videos_and_of_submissions(program: Client, artist: Artist) -> None:
    path = refuse(program)
    reads = client_of(artist, scopes=["videos:read"])
    appeals = client_of(artist, scopes=["submissions"])

    assert reads.get(path).status_code == 200
    assert reads.post(f"{path}/appeal", {"text": TEXT}, content_type=JSON).status_code == 403
    assert appeals.get(path).status_code == 403
    assert appeals.post(f"{path}/appeal", {"text": TEXT}, content_type=JSON).status_code == 200

"""A prompt is checked before it costs anything: it passes, is flagged, or is refused with why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from artists.access.errors import Paused
from artists.models import Artist, LedgerEntry, Reservation
from artists.quotas.windows import open_windows
from generations.checks import rules
from generations.checks.errors import PromptRefused
from generations.checks.services import is_flagged
from generations.checks.thresholds import Chosen, set_thresholds
from generations.checks.writing import change_rule, make_rule, retire_rule
from generations.models import (
    Check,
    CheckRule,
    Generation,
    Ground,
    IdempotencyKey,
    RefusedPrompt,
    VideoModel,
)
from generations.prompts.services import submit_prompt
from tests.emulators.moderations import KEY, Emulator
from tests.generations.checks.rows import wording
from tests.generations.pauses.conftest import paused

pytestmark = pytest.mark.django_db
Make = Callable[..., Generation]
VIDEOS = "/v1/videos"
NAMED = "A portrait of Ada Lovelace"
BODY = {"prompt": NAMED, "model": "sketch-1", "seconds": "4", "size": "1280x720"}


@pytest.fixture
def refusing(manager: Artist) -> CheckRule:
    return make_rule(wording(), by=manager)


@pytest.fixture
def flagging(manager: Artist) -> CheckRule:
    facts = {"title": "Blood", "kind": "words", "text": "blood\ngore", "action": "flag"}
    return make_rule(wording(**facts), by=manager)


def test_what_a_rule_refuses_costs_nothing_and_is_kept_for_its_artist(
    make_generation: Make, artist: Artist, refusing: CheckRule
) -> None:
    with pytest.raises(PromptRefused) as refusal:
        make_generation(NAMED)

    refused = RefusedPrompt.objects.get()
    assert (refused.artist, refused.prompt, refused.rule) == (artist, NAMED, refusing)
    assert refused.ground.code == "rights"
    assert f"/refused/{refused.pk}/" in refusal.value.message
    assert "Real people" in refusal.value.message
    assert not Generation.objects.exists()
    assert not Reservation.objects.exists()
    assert not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.HOLD).exists()
    assert open_windows(artist)[0].free == 1000
    check = Check.objects.get()
    assert (check.refused, check.rule, check.outcome) == (refused, refusing, "refuse")
    assert check.list_version == 1


def test_the_same_words_again_are_counted_not_kept_again(
    make_generation: Make, refusing: CheckRule
) -> None:
    for _ in range(3):
        with pytest.raises(PromptRefused):
            make_generation(NAMED)

    assert RefusedPrompt.objects.get().times == 3
    assert Check.objects.count() == 1


def test_what_a_rule_flags_is_made_and_says_so(make_generation: Make, flagging: CheckRule) -> None:
    flagged, plain = make_generation("Blood on snow"), make_generation("A paper boat")

    check = flagged.checks.get()
    assert (check.outcome, check.rule, check.stage) == ("flag", flagging, "prompt")
    assert is_flagged(flagged.pk)
    assert not plain.checks.exists()
    assert not is_flagged(plain.pk)
    assert list(Generation.objects.flagged()) == [flagged]


def test_a_rule_holds_and_ends_from_the_next_prompt_on(
    make_generation: Make, manager: Artist, refusing: CheckRule
) -> None:
    with pytest.raises(PromptRefused):
        make_generation(NAMED)

    softer = change_rule(refusing.number, wording(action="flag"), seen=1, by=manager)
    assert make_generation(NAMED).checks.get().rule == softer

    retire_rule(refusing.number, seen=2, by=manager)
    assert not make_generation(NAMED).checks.exists()


def test_the_rules_are_compiled_once_a_version_of_the_list(
    make_generation: Make, flagging: CheckRule, django_assert_num_queries: Any
) -> None:
    make_generation()
    compiled = rules.in_force()

    with django_assert_num_queries(1):
        assert rules.in_force() is compiled


def test_a_rule_whose_pattern_cannot_be_read_any_more_flags_every_prompt(
    make_generation: Make, manager: Artist
) -> None:
    make_rule(wording(kind="pattern", text="(a", action="refuse"), by=manager)

    check = make_generation("A paper boat").checks.get()

    assert (check.outcome, check.words) == (
        "flag",
        "This rule could not be applied, so a person looks.",
    )


def test_words_that_won_an_appeal_are_flagged_and_made(
    make_generation: Make, other_artist: Artist, refusing: CheckRule
) -> None:
    with pytest.raises(PromptRefused):
        make_generation(NAMED)
    refused = RefusedPrompt.objects.get()

    assert RefusedPrompt.objects.allow(refused.pk)
    assert not RefusedPrompt.objects.allow(refused.pk)

    assert make_generation(NAMED).checks.get().outcome == "flag"
    with pytest.raises(PromptRefused):
        make_generation(NAMED, by=other_artist)


def test_the_newest_version_of_a_ground_is_named(
    make_generation: Make, refusing: CheckRule
) -> None:
    old = refusing.ground
    Ground.objects.filter(pk=old.pk).update(retired_at=old.published_at)
    newest = Ground.objects.create(code="rights", version=2, title="Others", text="New words.")

    with pytest.raises(PromptRefused):
        make_generation(NAMED)

    assert RefusedPrompt.objects.get().ground == newest


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}])
def test_a_program_is_told_rule_ground_and_the_way_to_an_appeal(
    client: Client,
    bearer: dict[str, str],
    video_model: VideoModel,
    refusing: CheckRule,
    headers: dict[str, str],
) -> None:
    answer = client.post(VIDEOS, BODY, headers=bearer | headers)

    error = answer.json()["error"]
    refused = RefusedPrompt.objects.get()
    assert answer.status_code == 400
    assert (error["code"], error["param"]) == ("prompt_refused", "prompt")
    assert (error["ground"], error["refused_prompt"]) == ("rights", str(refused.pk))
    assert f"http://localhost:8000/refused/{refused.pk}/" in error["message"]
    assert answer.headers["x-should-retry"] == "false"
    assert refused.token is not None
    assert not IdempotencyKey.objects.exists()


def test_a_key_is_free_still_after_a_refusal_and_checks_nothing_once_it_made_something(
    client: Client,
    bearer: dict[str, str],
    video_model: VideoModel,
    manager: Artist,
    refusing: CheckRule,
) -> None:
    headers = bearer | {"Idempotency-Key": "one"}
    assert client.post(VIDEOS, BODY, headers=headers).status_code == 400
    retire_rule(refusing.number, seen=1, by=manager)
    made = client.post(VIDEOS, BODY, headers=headers).json()
    make_rule(wording(), by=manager)

    again = client.post(VIDEOS, BODY, headers=headers)

    assert (again.status_code, again.json()["id"]) == (200, made["id"])


def test_the_page_says_it_by_the_prompt_with_a_link_to_the_refusal(
    client: Client, artist: Artist, video_model: VideoModel, refusing: CheckRule
) -> None:
    client.force_login(artist)
    nonce = client.get("/create/").context["form"]["nonce"].value()
    body = {"prompt": NAMED, "model": "sketch-1", "size": "1280x720", "nonce": nonce}

    answer = client.post("/create/", body | {"style": "film", "duration_seconds": "4"})

    refused = RefusedPrompt.objects.get()
    assert answer.status_code == 400
    assert answer.context["form"].errors["prompt"]
    assert f'href="/refused/{refused.pk}/"' in answer.content.decode()
    assert NAMED in answer.content.decode()  # it need not be written again


# --- The moderation server ---


def test_the_servers_scores_are_kept_of_what_passes(
    make_generation: Make, server: Emulator
) -> None:
    server.by_word["boat"] = {"violence": 0.12}

    check = make_generation("A paper boat").checks.get()

    assert (check.source, check.outcome, check.model) == (
        "moderation",
        "pass",
        "omni-moderation-latest",
    )
    assert check.scores["violence"] == 0.12
    assert len(check.scores) == 13
    assert server.asked == ["A paper boat"]


def test_without_thresholds_half_a_score_flags_and_none_refuses(
    make_generation: Make, server: Emulator
) -> None:
    server.by_word = {"mild": {"hate": 0.499}, "harsh": {"hate": 0.999}}

    assert make_generation("mild").checks.get().outcome == "pass"
    check = make_generation("harsh").checks.get()
    assert (check.outcome, check.words) == ("flag", "Flagged: hate.")


def test_a_cohorts_own_thresholds_hold_in_the_place_of_the_programmes(
    make_generation: Make, server: Emulator, artist: Artist, manager: Artist, ground: Ground
) -> None:
    server.by_word["blood"] = {"violence": 0.7}
    strict = [Chosen("violence", 30, 60, ground)]
    set_thresholds(None, strict, by=manager)
    with pytest.raises(PromptRefused, match="violence"):
        make_generation("blood")
    refused = RefusedPrompt.objects.get()
    assert (refused.rule, refused.category, refused.ground) == (None, "violence", ground)

    set_thresholds(artist.cohort, [Chosen("violence", 80, None, None)], by=manager)

    assert make_generation("blood").checks.get().outcome == "pass"


def test_what_a_rule_refuses_is_sent_nowhere(
    make_generation: Make, server: Emulator, refusing: CheckRule
) -> None:
    with pytest.raises(PromptRefused):
        make_generation(NAMED)

    assert server.requests == []


def test_the_words_of_somebody_who_is_paused_are_sent_nowhere(
    make_generation: Make, server: Emulator, artist: Artist
) -> None:
    """I8"""
    paused(artist=artist)

    with pytest.raises(Paused):
        make_generation("A paper boat")

    assert server.requests == []


FAULTS: dict[str, dict[str, Any]] = {
    "dropped": {"drop": ["moderate"]},
    "busy": {"canned": {"moderate": {"status": 429, "headers": {"retry-after": "2"}}}},
    "broken": {"canned": {"moderate": {"status": 500, "text": "oops"}}},
    "moved": {"canned": {"moderate": {"status": 302, "headers": {"location": "/v1/other"}}}},
    "HTML": {"canned": {"moderate": {"text": "<html>all is well</html>"}}},
    "no results": {"canned": {"moderate": {"json": {"results": []}}}},
    "no scores": {"canned": {"moderate": {"json": {"results": [{"flagged": False}]}}}},
    "odd scores": {
        "canned": {"moderate": {"json": {"results": [{"category_scores": {"hate": "much"}}]}}}
    },
    "huge scores": {
        "canned": {"moderate": {"json": {"results": [{"category_scores": {"hate": 7}}]}}}
    },
    "a flood": {"canned": {"moderate": {"text": "x" * 3_000_000}}},
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_what_cannot_be_checked_is_flagged_and_neither_refused_nor_let_pass_in_silence(
    make_generation: Make, server: Emulator, fault: str
) -> None:
    server.faults.load(FAULTS[fault])

    check = make_generation("A paper boat").checks.get()

    assert (check.source, check.outcome) == ("moderation", "flag")
    assert check.words.startswith("Not checked. The moderation server")
    assert len(server.requests) == 1  # once, and no redirect is followed


def test_a_slow_server_is_waited_for_a_moment_and_then_left_alone_for_a_while(
    make_generation: Make, server: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generations.checks.moderation.WITHIN_SECONDS", 0.2)
    server.faults.delay_seconds = 1

    first, second = make_generation("A paper boat"), make_generation("A paper boat")

    assert "Timeout" in first.checks.get().words
    assert second.checks.get().words == "Not checked. The moderation server is away."


def test_a_server_without_scores_says_one_of_what_it_names(
    make_generation: Make, server: Emulator
) -> None:
    said = {"categories": {"hate": True, "violence": False, "illicit": None}, "flagged": True}
    server.faults.load({"canned": {"moderate": {"json": {"results": [said]}}}})

    check = make_generation("A paper boat").checks.get()

    assert (check.outcome, check.scores) == ("flag", {"hate": 1.0, "violence": 0.0})


def test_the_key_goes_to_its_server_and_stands_in_no_row_and_no_answer(
    client: Client, bearer: dict[str, str], video_model: VideoModel, server: Emulator
) -> None:
    """I2"""
    server.faults.load({"canned": {"moderate": {"status": 401, "text": KEY}}})

    answer = client.post(VIDEOS, BODY, headers=bearer)

    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert answer.status_code == 200
    assert KEY not in answer.content.decode()
    assert KEY not in Check.objects.get().words


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}])
def test_no_transaction_is_open_while_the_server_is_asked(
    client: Client,
    bearer: dict[str, str],
    video_model: VideoModel,
    server: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
) -> None:
    from generations.checks import moderation

    seen = []
    asked = moderation.post_small

    def note(*args: Any, **kwargs: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return asked(*args, **kwargs)

    monkeypatch.setattr(moderation, "post_small", note)

    assert client.post(VIDEOS, BODY, headers=bearer | headers).status_code == 200

    assert seen == [False]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_within_an_open_transaction_is_a_fault_of_ours(
    artist: Artist, video_model: VideoModel, refusing: CheckRule
) -> None:
    """Its row would go with the transaction."""
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError):
        submit_prompt(
            artist=artist,
            video_model=video_model,
            prompt=NAMED,
            size="1280x720",
            duration_seconds=4,
        )

"""A failed video has one of five codes, whatever a provider calls it."""

from collections.abc import Callable

import pytest
from django.test import Client

from generations.models import Generation
from generations.models.generation import Status
from generations.prompts.serializers import ERROR_CODES
from generations.providers.base import REFUSALS, FailureKind
from generations.rendering.ending import fail, refuse
from tests.generations.api.test_videos import url_of

CODES = {
    FailureKind.SAFETY_INPUT: "moderation_blocked",
    FailureKind.SAFETY_OUTPUT: "output_moderation_blocked",
    FailureKind.SAFETY_UNSPECIFIED: "moderation_blocked",
    FailureKind.TIMEOUT: "expired",
    FailureKind.UNKNOWN: "expired",
}


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_failure_has_its_code_and_says_the_rest_in_words(
    program: Client, make_video: Callable[..., Generation], kind: FailureKind
) -> None:
    generation = make_video(Status.RENDERING)
    end = refuse if kind in REFUSALS else fail

    assert end(generation.pk, kind=kind)

    video = program.get(url_of(generation)).json()
    assert video["status"] == "failed"
    assert video["error"]["code"] == CODES.get(kind, "provider_error")
    assert video["error"]["code"] in ERROR_CODES
    assert video["error"]["message"].endswith(".")


def test_a_cancelled_video_is_a_failed_one_with_its_own_code(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    video = program.get(url_of(make_video(Status.CANCELLED))).json()

    assert (video["status"], video["error"]["code"]) == ("failed", "cancelled")

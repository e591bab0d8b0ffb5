"""The emulator of /v1/moderations is checked by the official SDK, over a real port."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import openai
import pytest
from openai.types.moderation import Categories, CategoryScores

from tests.emulators.moderations import CATEGORIES, KEY, MODEL, Emulator
from tests.emulators.served import served


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with served(emulator) as found:
        yield found


@contextmanager
def sdk(url: str, **changes: Any) -> Iterator[openai.OpenAI]:
    facts: dict[str, Any] = {"base_url": url, "api_key": KEY, "max_retries": 0}
    with openai.OpenAI(**facts | changes) as client:
        yield client


def image(content: bytes = b"\xff\xd8", kind: str = "jpeg") -> Any:
    data = base64.b64encode(content).decode()
    return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{data}"}}


def test_a_text_is_scored_in_every_category_of_the_contract(emulator: Emulator, url: str) -> None:
    emulator.by_word["blood"] = {"violence": 0.8, "violence/graphic": 0.6}
    with sdk(url) as client:
        said = client.moderations.create(model=MODEL, input="Blood on the snow")
        raw = client.moderations.with_raw_response.create(input="x").http_response.json()

    [result] = said.results
    assert (said.model, result.flagged) == (MODEL, True)
    assert (result.categories.violence, result.categories.sexual) == (True, False)
    assert result.category_scores.violence_graphic == 0.6
    assert result.category_applied_input_types.sexual_minors == ["text"]
    of_contract = {field.alias or name for name, field in CategoryScores.model_fields.items()}
    assert (
        of_contract
        == {field.alias or name for name, field in Categories.model_fields.items()}
        == set(CATEGORIES)
    )
    assert set(raw["results"][0]["category_scores"]) == of_contract


def test_several_texts_have_a_result_each(emulator: Emulator, url: str) -> None:
    emulator.by_word["blood"] = {"violence": 0.8}
    with sdk(url) as client:
        said = client.moderations.create(input=["A boat", "Blood"])

    assert [result.flagged for result in said.results] == [False, True]


def test_an_image_is_scored_for_what_images_are_scored_for(emulator: Emulator, url: str) -> None:
    emulator.of_pictures = {"sexual": 0.7, "sexual/minors": 0.9}
    with sdk(url) as client:
        [result] = client.moderations.create(input=[image()]).results

    assert result.category_scores.sexual == 0.7
    assert result.category_scores.sexual_minors == 0.0  # of texts alone
    assert result.category_applied_input_types.violence == ["image"]


def test_more_images_than_one_a_request_are_refused(emulator: Emulator, url: str) -> None:
    with sdk(url) as client, pytest.raises(openai.BadRequestError):
        client.moderations.create(input=[image(), image()])


def test_without_its_key_nobody_is_answered(emulator: Emulator, url: str) -> None:
    with sdk(url, api_key="sk-other") as client, pytest.raises(openai.AuthenticationError):
        client.moderations.create(input="A boat")


def test_its_faults_are_switched_on_over_http(emulator: Emulator, url: str) -> None:
    def switch(**faults: Any) -> None:
        httpx.put(url.removesuffix("/v1") + "/_faults", json=faults).raise_for_status()

    with sdk(url) as client:
        busy = {"status": 429, "json": {"error": {"message": "slow down"}}, "times": 1}
        switch(canned={"moderate": busy})
        with pytest.raises(openai.RateLimitError):
            client.moderations.create(input="A boat")
        switch(canned={}, drop=["moderate"])
        with pytest.raises(openai.APIConnectionError):
            client.moderations.create(input="A boat")
        switch(drop=[], delay_seconds=0.3)
        began = time.monotonic()
        client.moderations.create(input="A boat")
        assert time.monotonic() - began >= 0.3

"""A server that speaks /v1/moderations, scoring by the words and the bytes that a test names."""

import base64
import json
from typing import Any

import httpx

from tests.emulators import base
from tests.emulators.base import Answer

KEY = "sk-moderation-0123456789"
MODEL = "omni-moderation-latest"
CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
OF_PICTURES = (
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "violence",
    "violence/graphic",
)
FLAGGED_FROM = 0.5


class Emulator(base.Emulator):
    """`by_word` gives the scores of a text that holds a word; `of_pictures` those of any image."""

    def __init__(self) -> None:
        super().__init__()
        self.by_word: dict[str, dict[str, float]] = {}
        self.of_pictures: dict[str, float] = {}

    def route(self, request: httpx.Request) -> tuple[str, Answer]:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return "moderate", lambda _: _error(401, "invalid_api_key")
        if (request.method, request.url.path) != ("POST", "/v1/moderations"):
            return "other", lambda _: _error(404, "not_found")
        return "moderate", self._moderate

    @property
    def asked(self) -> list[Any]:
        """What was sent to be judged, one after the other."""
        return [json.loads(request.content)["input"] for request in self.requests]

    def _moderate(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        subject = body["input"]
        if isinstance(subject, list) and sum(_is_image(one) for one in subject) > 1:
            return _error(400, "too_many_images")
        many = isinstance(subject, list) and all(isinstance(one, str) for one in subject)
        results = [self._judge(one) for one in (subject if many else [subject])]
        return httpx.Response(
            200,
            json={
                "id": f"modr-{len(self.requests)}",
                "model": body.get("model", MODEL),
                "results": results,
            },
        )

    def _judge(self, subject: Any) -> dict[str, Any]:
        parts = [{"type": "text", "text": subject}] if isinstance(subject, str) else subject
        scores = dict.fromkeys(CATEGORIES, 0.0)
        kinds: dict[str, set[str]] = {category: set() for category in CATEGORIES}
        for part in parts:
            is_image = _is_image(part)
            found = self._of_image(part) if is_image else self._of_text(part["text"])
            for category in OF_PICTURES if is_image else CATEGORIES:
                kinds[category].add("image" if is_image else "text")
                scores[category] = max(scores[category], found.get(category, 0.0))
        categories = {category: score >= FLAGGED_FROM for category, score in scores.items()}
        return {
            "flagged": any(categories.values()),
            "categories": categories,
            "category_scores": scores,
            "category_applied_input_types": {name: sorted(found) for name, found in kinds.items()},
        }

    def _of_text(self, text: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for word, scores in self.by_word.items():
            if word in text.lower():
                found |= scores
        return found

    def _of_image(self, part: Any) -> dict[str, float]:
        head, _, data = part["image_url"]["url"].partition(";base64,")
        content = base64.b64decode(data, validate=True)
        assert head in ("data:image/jpeg", "data:image/webp"), head
        assert content
        return self.of_pictures


def _is_image(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "image_url"


def _error(status: int, code: str) -> httpx.Response:
    error = {"message": code, "type": "invalid_request_error", "param": None, "code": code}
    return httpx.Response(status, json={"error": error})

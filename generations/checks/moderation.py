"""The client of a server that speaks /v1/moderations: scores by category, for a text or an image.

Its key is in the environment alone, and goes to its own address alone (I2).
"""

import base64
import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from generations.providers.base import ProviderUnavailable
from generations.providers.http import json_object, post_small, retry_after_seconds

WITHIN_SECONDS = 3.0  # in all, from the look-up of its name to the last byte
REST_SECONDS = 5.0
REST_MAX_SECONDS = 60.0
CATEGORIES_MOST = 100

logger = logging.getLogger(__name__)


class NotChecked(Exception):
    """The server gave no word that could be read; the message says why, for the reviewers."""

    def __init__(self, why: str, *, retry_after_seconds: float = REST_SECONDS) -> None:
        super().__init__(why)
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True)
class Word:
    """What the server says: a score from 0 to 1 by category, and which model said so."""

    scores: Mapping[str, float]
    model: str


def is_set_up() -> bool:
    return bool(settings.MODERATION["url"])


def model_asked() -> str:
    """Which model is asked for; empty where there is no server."""
    return settings.MODERATION["model"] if is_set_up() else ""


def moderate_text(text: str) -> Word:
    """Raises NotChecked."""
    return _ask(text)


def moderate_image(content: bytes, *, content_type: str) -> Word:
    """Raises NotChecked."""
    data = f"data:{content_type};base64,{base64.b64encode(content).decode()}"
    return _ask([{"type": "image_url", "image_url": {"url": data}}])


def _ask(subject: Any) -> Word:
    """Ask once. A server that is away is left alone for some seconds by all of this process: of
    those who meet it, few wait for it."""
    global _away_until
    left = _away_until - time.monotonic()
    if left > 0:
        raise NotChecked("The moderation server is away.", retry_after_seconds=left)
    server = settings.MODERATION
    headers = {"authorization": f"Bearer {server['key']}"} if server["key"] else {}
    body = {"model": server["model"], "input": subject}
    try:
        response = post_small(
            f"{server['url']}/moderations", body, headers=headers, within_seconds=WITHIN_SECONDS
        )
    except ProviderUnavailable as exc:
        _away_until = time.monotonic() + REST_SECONDS
        logger.warning("the moderation server is away: %s", exc)
        raise NotChecked(f"The moderation server could not be reached ({exc}).") from exc
    if response.status_code == 429 or response.is_server_error:
        rest = min(retry_after_seconds(response), REST_MAX_SECONDS)
        _away_until = time.monotonic() + rest
    if not response.is_success:
        logger.warning("the moderation server said HTTP %d", response.status_code)
        raise NotChecked(
            f"The moderation server said HTTP {response.status_code}.",
            retry_after_seconds=max(_away_until - time.monotonic(), REST_SECONDS),
        )
    return _read(json_object(response))


def _read(body: Mapping[str, Any]) -> Word:
    """Read an answer as one that may be anything. Raises NotChecked where it is no word."""
    results = body.get("results")
    if not isinstance(results, list) or not results:
        raise _unread()
    scores: dict[str, float] = {}
    for result in results:
        if not isinstance(result, dict):
            raise _unread()
        for category, score in _scores(result).items():
            scores[category] = max(score, scores.get(category, 0.0))
    if not scores or len(scores) > CATEGORIES_MOST:
        raise _unread()
    return Word(scores, _name(body.get("model")) or settings.MODERATION["model"])


def _scores(result: Mapping[str, Any]) -> dict[str, float]:
    """A score for each category; a server without scores says 1 of those that it names."""
    said, scored = result.get("categories"), result.get("category_scores")
    said, scored = said or {}, scored or {}
    if not isinstance(said, dict) or not isinstance(scored, dict):
        raise _unread()
    found = {}
    for category in {*said, *scored}:
        score = scored.get(category)
        if score is None:
            if said.get(category) is None:
                continue  # not judged by this model
            score = 1.0 if said[category] is True else 0.0
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise _unread()
        name = _name(category)
        if not name or not math.isfinite(score) or not 0 <= score <= 1:
            raise _unread()
        found[name[:60]] = round(float(score), 6)
    return found


def _name(said: Any) -> str:
    """A name that can be kept and shown; empty for any other, as for our credential (I2)."""
    key = settings.MODERATION["key"]
    if not isinstance(said, str) or not said.isprintable() or (key and key in said):
        return ""
    return said


def _unread() -> NotChecked:
    logger.error("the moderation server gave an answer that is none")
    return NotChecked("The moderation server’s answer could not be read.")


_away_until = 0.0

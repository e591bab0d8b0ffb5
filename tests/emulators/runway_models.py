"""What three of Runway's models take, as its SDK types it; a body that fits none is a 400.

That a key which is not known is refused, and the range of a seed, is an assumption.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CREDITS_PER_SECOND = {"gen4.5": 12, "gen4_turbo": 5, "veo3.1": 40}  # of a time; they change
DURATIONS = {"gen4.5": range(2, 11), "gen4_turbo": range(2, 11), "veo3.1": (4, 6, 8)}
SEEDS = range(2**32)
PROMPT_MAX_UNITS = 1000
DATA_URI_MAX_CHARS = 5 * 1024 * 1024

HD = frozenset({"1280:720", "720:1280"})
FULL_HD = HD | {"1920:1080", "1080:1920"}
GEN4_FRAMES = HD | {"1104:832", "960:960", "832:1104", "1584:672"}
GEN45 = frozenset({"seed", "contentModeration", "outputFormat", "proresProfile"})
VEO = frozenset({"duration", "seed", "audio", "negativePrompt"})


@dataclass(frozen=True)
class Takes:
    ratios: frozenset[str]
    required: frozenset[str]
    optional: frozenset[str]


MODELS: dict[str, dict[str, Takes]] = {
    "text_to_video": {
        "gen4.5": Takes(HD, frozenset({"model", "promptText", "ratio", "duration"}), GEN45),
        "veo3.1": Takes(FULL_HD, frozenset({"model", "promptText", "ratio"}), VEO),
    },
    "image_to_video": {
        "gen4.5": Takes(
            GEN4_FRAMES,
            frozenset({"model", "promptImage", "promptText", "ratio", "duration"}),
            GEN45,
        ),
        "gen4_turbo": Takes(
            GEN4_FRAMES,
            frozenset({"model", "promptImage", "ratio"}),
            frozenset({"promptText", "duration", "seed", "contentModeration"}),
        ),
        "veo3.1": Takes(
            FULL_HD, frozenset({"model", "promptImage", "ratio"}), VEO | {"promptText"}
        ),
    },
}


def complaint(endpoint: str, body: Any) -> str:
    """Return what is wrong with a create call's body; nothing where nothing is."""
    if not isinstance(body, dict) or body.get("model") not in MODELS[endpoint]:
        return "model: Invalid discriminator value"
    model = body["model"]
    takes = MODELS[endpoint][model]
    checks: dict[str, Callable[[Any], bool]] = {
        "ratio": lambda value: value in takes.ratios,
        "duration": lambda value: type(value) is int and value in DURATIONS[model],
        "seed": lambda value: type(value) is int and value in SEEDS,
        "audio": lambda value: type(value) is bool,
        "promptText": _is_prompt,
        "promptImage": _is_image,
        "contentModeration": _is_moderation,
    }
    if missing := sorted(takes.required - set(body)):
        return f"{missing[0]}: Required"
    if unknown := sorted(set(body) - takes.required - takes.optional):
        return f"{unknown[0]}: Unrecognized key"
    for name, value in body.items():
        if not checks.get(name, _is_text)(value):
            return f"{name}: Invalid value"
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_prompt(value: Any) -> bool:
    is_text = isinstance(value, str) and bool(value)
    return is_text and len(value.encode("utf-16-le")) // 2 <= PROMPT_MAX_UNITS


def _is_image(value: Any) -> bool:
    """An address as a string; the form with positions is left to others."""
    if not isinstance(value, str):
        return False
    if value.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")):
        return len(value) <= DATA_URI_MAX_CHARS
    return value.startswith(("https://", "runway://"))


def _is_moderation(value: Any) -> bool:
    return value in ({"publicFigureThreshold": "auto"}, {"publicFigureThreshold": "low"})

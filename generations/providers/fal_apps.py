"""How fal's apps want to be asked: each has a schema of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from generations.providers.base import FailureKind, Parameter, ProviderFailure

_PART = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
APP = re.compile(rf"((?:(?:workflows|comfy)/)?{_PART}/{_PART})(?:/{_PART})*")
JOB = re.compile(
    rf"(?:(?:workflows|comfy)/)?{_PART}/{_PART}/requests/[A-Za-z0-9][\w-]{{0,99}}", re.A
)

TEXT, IMAGE = "text-to-video", "image-to-video"
RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21", "2:1", "1:2")
NEAR = Fraction(1, 50)  # 854x480 is meant as 16:9


@dataclass(frozen=True)
class Wording:
    """How an app writes what all of them take: 8, "8" or "8s", and a resolution or none."""

    seconds: Callable[[int], Parameter] = int
    has_resolution: bool = True


# By the beginning of an app's id, the longest that fits; whatever is not here is asked plainly.
WORDINGS = {
    "fal-ai/veo2": Wording(seconds="{}s".format, has_resolution=False),
    "fal-ai/veo3": Wording(seconds="{}s".format),
    "fal-ai/veo3.1": Wording(seconds="{}s".format),
    "fal-ai/kling-video": Wording(seconds=str, has_resolution=False),
    "fal-ai/kling-video/v4": Wording(),
    "fal-ai/bytedance/seedance": Wording(seconds=str),
}


def home(app: str) -> str:
    """The part of an app's id that its requests stand below; nothing where it is no such id."""
    found = APP.fullmatch(app)
    return found[1] if found else ""


def job_id(app: str, request_id: object) -> str:
    """The id that a request of an app is kept by, and its path; nothing where it cannot be one."""
    found = f"{home(app)}/requests/{request_id}" if isinstance(request_id, str) else ""
    return found if is_job_id(found) else ""


def is_job_id(text: str) -> bool:
    return bool(JOB.fullmatch(text))


def endpoint(app: str, *, has_image: bool) -> str:
    """Where an app is asked: with a first image, at its sibling that begins with one."""
    parts = app.split("/")
    if not has_image or IMAGE in parts:
        return app
    if TEXT in parts:
        return "/".join(IMAGE if part == TEXT else part for part in parts)
    return f"{app}/{IMAGE}"


def frame(app: str, *, size: str, duration_seconds: int) -> dict[str, Parameter]:
    """An app's words for a size ("1280x720") and whole seconds. Raises ProviderFailure."""
    wording = _wording(app)
    width, height = (int(side) for side in size.split("x"))
    fields = {
        "duration": wording.seconds(duration_seconds),
        "aspect_ratio": _ratio(Fraction(width, height)),
    }
    if wording.has_resolution:
        fields["resolution"] = f"{min(width, height)}p"
    return fields


def _wording(app: str) -> Wording:
    known = [name for name in WORDINGS if f"{app}/".startswith(f"{name}/")]
    return WORDINGS[max(known, key=len)] if known else Wording()


def _ratio(shape: Fraction) -> str:
    for ratio in RATIOS:
        width, height = ratio.split(":")
        if abs(shape / Fraction(int(width), int(height)) - 1) < NEAR:
            return ratio
    raise ProviderFailure(FailureKind.INVALID_REQUEST, "no aspect ratio")

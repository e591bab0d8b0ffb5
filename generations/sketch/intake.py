"""A create request, as JSON or as a form, becomes a checked order or a refusal by field."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.requests import Request

from .callbacks import Callbacks
from .errors import ApiError
from .jobs import Order
from .offer import (
    DEFAULT_SECONDS,
    DEFAULT_SIZE,
    DEFAULT_STYLE,
    MAX_IMAGE_BYTES,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    MODEL,
    REFUSED_WORDS,
    SECONDS,
    SIZES,
    STYLES,
)

_MAX_FORM_PARTS: Final = 100
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REFUSED: Final = re.compile(rf"\b(?:{'|'.join(REFUSED_WORDS)})", re.IGNORECASE)
_DATA_URL: Final = re.compile(r"data:image/[a-z.+-]+;base64,", re.IGNORECASE)


@dataclass(frozen=True)
class Incoming:
    """A request that was read; unknown fields are left out."""

    order: Order
    image: bytes | None
    callback_url: str | None


async def read_create(request: Request, callbacks: Callbacks) -> Incoming:
    """Read a create request. Raises ApiError naming the first field that is wrong."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        async with request.form(max_files=_MAX_FORM_PARTS, max_fields=_MAX_FORM_PARTS) as form:
            fields: dict[str, Any] = dict(form)
            reference = fields.get("input_reference")
            image = await _uploaded(reference) if reference not in (None, "") else None
            return Incoming(_order(fields), image, callbacks.read_url(fields))
    if content_type == "application/json":
        fields = await _json_object(request)
        image = _referenced(fields.get("input_reference"))
        return Incoming(_order(fields), image, callbacks.read_url(fields))
    raise ApiError(
        "Send the request as multipart/form-data or application/json.", code="invalid_content_type"
    )


async def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError) as exc:
        raise ApiError("The request body is not valid JSON.", code="invalid_json") from exc
    if not isinstance(body, dict):
        raise ApiError("The request body must be a JSON object.", code="invalid_json")
    return body


def _order(fields: Mapping[str, Any]) -> Order:
    return Order(
        prompt=_prompt(fields.get("prompt")),
        model=_one_of(fields, "model", (MODEL,), MODEL, code="model_not_found"),
        size=_one_of(fields, "size", tuple(SIZES), DEFAULT_SIZE),
        seconds=_seconds(fields.get("seconds")),
        style=_one_of(fields, "style", STYLES, DEFAULT_STYLE),
        seed=_seed(fields.get("seed")),
    )


def _prompt(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _invalid("prompt", "A prompt is needed.", code="missing_required_parameter")
    if len(value) > MAX_PROMPT_CHARACTERS:
        raise _invalid("prompt", f"The prompt is longer than {MAX_PROMPT_CHARACTERS:,} characters.")
    if _UNPRINTABLE.search(value):
        raise _invalid("prompt", "The prompt holds control characters.")
    if refused := _REFUSED.search(value):
        raise _invalid(
            "prompt",
            f"This model refuses prompts with the word “{refused[0].lower()}”.",
            code="moderation_blocked",
        )
    return value


def _one_of(
    fields: Mapping[str, Any],
    name: str,
    offered: tuple[str, ...],
    default: str,
    *,
    code: str = "invalid_value",
) -> str:
    value = fields.get(name)
    if value is None:
        return default
    if value not in offered:
        raise _invalid(name, f"{name} must be one of: {', '.join(offered)}.", code=code)
    return str(value)


def _seconds(value: Any) -> int:
    if value is None:
        return DEFAULT_SECONDS
    seconds = _whole_number(value)
    if seconds not in SECONDS:
        raise _invalid("seconds", f"seconds must be one of: {', '.join(map(str, SECONDS))}.")
    return seconds


def _seed(value: Any) -> int:
    if value is None:
        return 0
    seed = _whole_number(value)
    if seed is None or seed > MAX_SEED:
        raise _invalid("seed", f"seed must be a whole number from 0 to {MAX_SEED}.")
    return seed


def _whole_number(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        return int(value)
    return None


async def _uploaded(part: Any) -> bytes:
    if not isinstance(part, UploadFile):
        raise _invalid("input_reference", "The first image must be sent as a file.")
    return await part.read(MAX_IMAGE_BYTES + 1)


def _referenced(value: Any) -> bytes | None:
    """The image of a JSON request: only a data URL, for this server fetches nothing."""
    if value is None:
        return None
    url = value.get("image_url") if isinstance(value, dict) else None
    prefix = _DATA_URL.match(url) if isinstance(url, str) else None
    if not isinstance(url, str) or prefix is None:
        raise _invalid(
            "input_reference", "In JSON, input_reference must be {image_url: a base64 data URL}."
        )
    try:
        return base64.b64decode(url[prefix.end() :], validate=True)
    except ValueError as exc:  # binascii.Error is one, and so is what letters beyond ASCII give
        raise _invalid("input_reference", "The data URL is not valid base64.") from exc


def _invalid(param: str, message: str, *, code: str = "invalid_value") -> ApiError:
    return ApiError(message, code=code, param=param)

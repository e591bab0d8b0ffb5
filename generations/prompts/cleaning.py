"""What a prompt may contain."""

import unicodedata

from django.core.exceptions import ValidationError

PROMPT_MAX_CHARS = 32_000  # the ceiling of the /v1/videos contract
_LAYOUT = {"\n", "\t"}


def clean_prompt(text: str) -> str:
    """Return the prompt without outer white space, its line ends as newlines.

    Any script, direction and emoji is welcome. Raises ValidationError for an empty prompt, one
    over PROMPT_MAX_CHARS characters, and control characters, which no video model reads.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ValidationError("Say what the video should show.", code="required")
    if len(text) > PROMPT_MAX_CHARS:
        raise ValidationError(
            f"A prompt has at most {PROMPT_MAX_CHARS:,} characters; this one has {len(text):,}.",
            code="max_length",
        )
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in _LAYOUT for char in text):
        raise ValidationError(
            "The prompt contains control characters. Please type or paste it as plain text.",
            code="control_characters",
        )
    return text

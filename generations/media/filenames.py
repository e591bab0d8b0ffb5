"""Names for the files that people take away."""

import re
from urllib.parse import quote

from django.utils.text import slugify

from generations.models import Generation

MAX_WORDS_CHARS = 60
NOT_SAFE = re.compile(r"[^\w .()+,=@~-]")


def name_download(generation: Generation, *, suffix: str) -> str:
    """Return a file name that says what a clip shows, and which one it is."""
    words = name_words(generation.prompt)
    return "-".join(filter(None, ["greenroom", words, generation.pk.hex[-6:]])) + suffix


def name_words(prompt: str) -> str:
    """Return the first words of a prompt, as they may stand in a file name; perhaps none."""
    words = slugify(prompt[: 4 * MAX_WORDS_CHARS], allow_unicode=True)
    if len(words) > MAX_WORDS_CHARS:
        words = words[: MAX_WORDS_CHARS + 1].rpartition("-")[0] or words[:MAX_WORDS_CHARS]
    return words


def attachment(filename: str) -> str:
    """Return the Content-Disposition that saves a file under a name (RFC 6266).

    What is not safe in a file name is dropped; a name beyond ASCII is given twice, for old
    programs and for new ones.
    """
    safe = NOT_SAFE.sub("", filename).lstrip(". ") or "file"
    plain = re.sub("-{2,}", "-", safe.encode("ascii", "ignore").decode()).lstrip(". ") or "file"
    header = f'attachment; filename="{plain}"'
    return header if plain == safe else f"{header}; filename*=UTF-8''{quote(safe)}"

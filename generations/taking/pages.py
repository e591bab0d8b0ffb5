"""The pages of an archive: they open offline, from the folder it is unpacked to, without script."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from artists.models import Artist
from generations.models import Generation, Submission
from generations.taking.sections import TABLES, WORKS, works_of

WORKS_A_PAGE = 60
STYLE_PATH = "pages/style.css"
CSS = settings.BASE_DIR / "portal" / "static" / "portal" / "css"
STYLE = "\n".join(
    (CSS / name).read_text() for name in ("reset.css", "tokens.css", "base.css", "archive.css")
)


class Taken(NamedTuple):
    """What of a work is in the archive: its folder and the names of its files there."""

    folder: str
    files: list[str]


def pages(
    artist: Artist, taken: Mapping[UUID, Taken], *, at: datetime
) -> Iterator[tuple[str, str]]:
    """Yield each page's path and its HTML: index.html has the newest works and leads to the rest.

    Works that were removed before the archive are in its tables, not on its pages.
    """
    kept = works_of(artist).filter(removed_at=None).values_list("pk", flat=True).order_by("-pk")
    keys = [key for key in kept if key in taken]
    parts = [keys[first : first + WORKS_A_PAGE] for first in range(0, len(keys), WORKS_A_PAGE)] or [
        []
    ]
    paths = ["index.html", *(f"pages/works-{number}.html" for number in range(2, len(parts) + 1))]
    for number, part in enumerate(parts):
        up = "../" if number else ""
        facts = {
            "artist": artist,
            "programme_name": settings.PROGRAMME_NAME,
            "at": at,
            "works": _works(part, taken),
            "count": len(keys),
            "tables": (WORKS, *TABLES),
            "is_first": number == 0,
            "number": number + 1,
            "page_count": len(parts),
            "up": up,
            "style": up + STYLE_PATH,
            "earlier": up + paths[number - 1] if number else "",
            "later": up + paths[number + 1] if number + 1 < len(paths) else "",
        }
        yield paths[number], render_to_string("generations/taking/index.html", facts)


def _works(keys: list[UUID], taken: Mapping[UUID, Taken]) -> list[dict[str, Any]]:
    submissions: dict[UUID, list[Submission]] = {}
    found = Submission.objects.filter(generation__in=keys).order_by("pk")
    for submission in found.select_related("decision__ground", "share__ground"):
        submissions.setdefault(submission.generation_id, []).append(submission)
    works = Generation.objects.filter(pk__in=keys).select_related("video_model", "reservation")
    return [
        {
            "work": work,
            "submissions": submissions.get(work.pk, ()),
            **_links(taken[work.pk]),
        }
        for work in works.order_by("-pk")
    ]


def _links(taken: Taken) -> dict[str, Any]:
    """Relative addresses of a work's files: the one to play, its poster, and all of them."""
    links = {name: quote(f"{taken.folder}/{name}") for name in taken.files}
    of_kind = {name.partition(".")[0]: link for name, link in links.items()}
    return {
        "clip": of_kind.get("master") or of_kind.get("proxy") or "",
        "poster": of_kind.get("poster", ""),
        "links": links,
    }

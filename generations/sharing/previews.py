"""What other sites are told of a share, so that they can show it where its address is posted.

Formats: oEmbed 1.0 (https://oembed.com), `VideoObject` of schema.org in JSON-LD.
"""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from generations.links import absolute
from generations.models import Share

IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
EMBED_MAX = (1280, 720)  # width and height of a frame, where nobody asks for less
CACHE_SECONDS = 3600
POSTER_MAX_WIDTH = 1280  # as generations.media.pictures makes them, which web need not load


def embed_url(share: Share) -> str:
    return absolute(reverse("generations:share_embed", args=[share.slug]))


def frame_of(share: Share, *, width: int = EMBED_MAX[0], height: int = EMBED_MAX[1]) -> SafeString:
    """Return the HTML that shows a share's player on another page."""
    width, height = fit(share, width=width, height=height)
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" frameborder="0" '
        'allow="fullscreen" allowfullscreen loading="lazy"></iframe>',
        embed_url(share),
        width,
        height,
        f"{share.title}, by {share.credit_name}",
    )


def fit(share: Share, *, width: int, height: int) -> tuple[int, int]:
    """Return the largest size in the clip's own shape within these, and no larger than the clip."""
    clip = share.submission.rendition
    scale = min(width / clip.width, height / clip.height, 1)
    return max(1, int(clip.width * scale)), max(1, int(clip.height * scale))


def poster_size(share: Share) -> tuple[int, int]:
    return fit(share, width=POSTER_MAX_WIDTH, height=share.submission.rendition.height)


def oembed(share: Share, *, width: int, height: int) -> dict[str, Any]:
    """What oEmbed says of a share: a video with its frame; a link where its artist wants none."""
    width, height = fit(share, width=width, height=height)
    thumbnail = poster_size(share)
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": share.title,
        "author_name": share.credit_name,
        "provider_name": settings.PROGRAMME_NAME,
        "provider_url": absolute("front"),
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": absolute(share.poster_url),
        "thumbnail_width": thumbnail[0],
        "thumbnail_height": thumbnail[1],
    }
    if share.allows_embedding:
        frame = str(frame_of(share, width=width, height=height))
        told |= {"type": "video", "html": frame, "width": width, "height": height}
    return told


def oembed_url(share: Share, *, format: str) -> str:
    asked = urlencode({"url": absolute(share.get_absolute_url()), "format": format})
    return f"{absolute('generations:oembed')}?{asked}"


def json_ld(share: Share) -> SafeString:
    """Return the share as a `VideoObject`, safe to stand in a script element."""
    generation = share.submission.generation
    told = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": share.title,
        "description": description(share),
        "url": absolute(share.get_absolute_url()),
        "thumbnailUrl": [absolute(share.poster_url)],
        "contentUrl": absolute(share.video_url),
        "uploadDate": share.created_at.isoformat(),
        "duration": f"PT{generation.duration_seconds}S",
        "width": share.submission.rendition.width,
        "height": share.submission.rendition.height,
        "creator": {"@type": "Person", "name": share.credit_name},
        "publisher": {
            "@type": "Organization",
            "name": settings.PROGRAMME_NAME,
            "url": absolute("front"),
        },
    }
    if share.allows_embedding:
        told["embedUrl"] = embed_url(share)
    text = json.dumps(told, ensure_ascii=False).translate(IN_SCRIPT)
    return mark_safe(text)  # noqa: S308  (no sign of it ends or opens an element)


def description(share: Share) -> str:
    model = share.submission.generation.video_model.title
    return f"A clip by {share.credit_name}, made in {settings.PROGRAMME_NAME} with {model}."

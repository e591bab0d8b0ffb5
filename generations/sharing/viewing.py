"""Counting how often a page is opened, without knowing by whom."""

import re

from django.http import HttpRequest

from generations.models import Share, ViewCount

# What fetches previews and indexes calls itself so; who hides is counted.
MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|embedly|whatsapp|curl|wget|"
    r"python|httpx|go-http-client|headless|monitor",
    re.IGNORECASE,
)


def count_view(request: HttpRequest, share: Share) -> None:
    """Count that somebody opened a share: no cookie, no address, nothing but a number.

    Left out: its artist, programs that say what they are, and pages fetched before they are asked
    for.
    """
    if request.method != "GET" or request.user.pk == share.submission.artist_id:
        return
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return
    client = request.headers.get("User-Agent", "")
    if not client or MACHINES.search(client):
        return
    ViewCount.objects.add(share)

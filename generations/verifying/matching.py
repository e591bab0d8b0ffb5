"""Which public clip a file is, or looks like. Others are never compared (I1, I7)."""

from itertools import islice
from typing import Any

from django.db.models import Q

from generations.media.digests import digest_of
from generations.media.inspection.inspecting import Look
from generations.media.inspection.prints import distances
from generations.models import SignedCopy
from generations.models.signed_copy import SignedCopyQuerySet

ALIKE = 0.2  # of all bits differ at most; docs/credentials.md says how this was found
COMPARED = 10_000  # the newest public clips: 47 MB of prints
AT_ONCE = 1_000


def find_exact(*, sha256: str, look: Look) -> SignedCopy | None:
    """Return the public copy that is this very file, or holds the very same coded pictures."""
    same = Q(sha256=sha256)
    if look.video_sha256:
        same |= Q(video_sha256=look.video_sha256)
    return _shown().filter(same).order_by("-pk").first()


def find_alike(look: Look) -> SignedCopy | None:
    """Return the public copy that looks most like a clip, if one looks like it at all."""
    if not look.prints:
        return None
    rows: Any = SignedCopy.objects.open_to_all().exclude(prints=None).exclude(prints=b"")
    newest = rows.order_by("-pk").values_list("pk", "prints")[:COMPARED].iterator(AT_ONCE)
    best, nearest = None, ALIKE
    while chunk := list(islice(newest, AT_ONCE)):
        found = distances(look.prints, [bytes(prints) for _, prints in chunk])
        at = int(found.argmin())
        if found[at] <= nearest:
            best, nearest = chunk[at][0], float(found[at])
    return _shown().filter(pk=best).first() if best else None


def find_shared(slug: str) -> SignedCopy | None:
    """Return the copy that a public page serves, if its bytes are those that were approved."""
    copy = _shown().filter(submission__share__slug=slug).first()
    if copy is None:
        return None
    try:
        with copy.file.open() as file:
            return copy if digest_of(file) == copy.sha256 else None
    except FileNotFoundError:
        return None


def _shown() -> SignedCopyQuerySet:
    """Public copies with what the page says of them."""
    return (
        SignedCopy.objects.open_to_all()
        .select_related("submission__share", "generation__video_model")
        .defer("manifest", "prints")
    )

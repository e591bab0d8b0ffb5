"""Keyset paging of the gallery: a page begins after a share, named by its public address."""

from dataclasses import dataclass

from generations.models import Share
from portal.paging import cut

PAGE_SIZE = 24


@dataclass(frozen=True)
class Page:
    """Shares, the newest first, and the address of the last; an empty one ends the gallery."""

    shares: list[Share]
    next_cursor: str


def page_after(slug: str = "", *, size: int = PAGE_SIZE) -> Page | None:
    """Return a page of the gallery; None where the cursor is none.

    The page is chosen by the shares' own index, and then asked which of it stands (I1): as fast
    at the end as at the start, however many there are.
    """
    offered = Share.objects.offered().order_by("-pk")
    if "\0" in slug:  # PostgreSQL takes none
        return None
    if slug:
        last = Share.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if last is None:
            return None
        offered = offered.filter(pk__lt=last)
    chosen, has_more = cut(offered.only("slug"), size=size)
    standing = Share.objects.standing().filter(pk__in=[share.pk for share in chosen])
    shares = standing.select_related("submission__generation", "submission__decision")
    return Page(list(shares.order_by("-pk")), chosen[-1].slug if has_more else "")

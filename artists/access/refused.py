"""The managers' page of refused uses of tokens."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.models import DeadUse
from artists.requests import ArtistRequest
from portal.paging import newest_first

PAGE_SIZE = 50


@require_safe
@with_permission("artists.view_token")
def refused_uses(request: ArtistRequest) -> HttpResponse:
    """List uses of every artist's dead tokens, the newest first; `before` begins a later page.

    `days` leaves out those that are older.
    """
    before, days = request.GET.get("before", ""), request.GET.get("days", "")
    uses = DeadUse.objects.select_related("token__artist")
    days = days if days.isascii() and days.isdecimal() and len(days) < 4 else ""
    if days:
        uses = uses.of_last_days(int(days))
    page = newest_first(uses, after=before, size=PAGE_SIZE)
    facts = {"dead_uses": page.items, "next": page.next_cursor, "days": days}
    return render(request, "artists/refused_uses.html", facts)

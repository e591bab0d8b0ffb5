"""The managers' page of refused uses of tokens."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.models import DeadUse
from artists.requests import ArtistRequest
from portal.paging import cut

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
    if before.isascii() and before.isdecimal() and len(before) < 19:
        uses = uses.filter(pk__lt=int(before))
    shown, has_more = cut(uses, size=PAGE_SIZE)
    facts = {"dead_uses": shown, "next": shown[-1].pk if has_more else None, "days": days}
    return render(request, "artists/refused_uses.html", facts)

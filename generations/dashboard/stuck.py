"""The reviews that nobody on the staff may decide, for managers, who can mend that."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.models import Review
from portal.paging import cut

SHOWN = 100


@require_safe
@with_permission("generations.view_dashboard")
def stuck_reviews(request: ArtistRequest) -> HttpResponse:
    """List them; a manager's own work among them has no way to its review (I9)."""
    rows, has_more = cut(Review.objects.stuck().select_related("about"), size=SHOWN)
    facts = {"rows": rows, "has_more": has_more}
    return render(request, "generations/dashboard/stuck.html", facts)

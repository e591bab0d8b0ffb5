"""The programme at a glance, for managers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.dashboard import glance
from generations.dashboard.period import LENGTHS, Period


@require_safe
@with_permission("generations.view_dashboard")
def dashboard(request: ArtistRequest) -> HttpResponse:
    period = Period.read(request.GET.get("days", ""))
    context = glance.read(period) | {"period": period, "lengths": LENGTHS}
    return render(request, "generations/dashboard/dashboard.html", context)

"""The public front page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generations.models import Promise, Share, VideoModel

SHOWN_SHARES = 8


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What the programme is, what it offers, and what its artists have shared."""
    standing = Share.objects.standing().select_related("submission__generation")
    context = {
        "models": VideoModel.objects.offered().prefetch_related("rates"),
        "promise": Promise.objects.in_force(),
        "shares": standing.order_by("-pk")[:SHOWN_SHARES],
    }
    return render(request, "portal/front.html", context)

"""The public front page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generations.gallery.paging import page_after
from generations.models import Promise, VideoModel

SHOWN_SHARES = 8


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What the programme is, what it offers, and what its artists have shared."""
    newest = page_after(size=SHOWN_SHARES)
    context = {
        "models": VideoModel.objects.offered().prefetch_related("rates"),
        "promise": Promise.objects.in_force(),
        "shares": newest.shares if newest else [],
    }
    return render(request, "portal/front.html", context)

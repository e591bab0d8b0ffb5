"""The page on which an artist says how a share of theirs is shown, and sees how often it was."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from artists.access.guards import signed_in_or_404
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.links import absolute
from generations.models import Portfolio, Share
from generations.sharing import previews
from generations.sharing.choice_forms import ChoicesForm
from generations.sharing.choices import choose
from portal.clock import programme_day
from portal.day_plots import draw
from portal.forms import sent, status_of

DAYS_SHOWN = 30


@dataclass(frozen=True)
class Day:
    date: date
    views: int


@before_terms
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_404
@never_cache
@sensitive_post_parameters("new_password")
def how_it_is_shared(request: ArtistRequest, slug: str) -> HttpResponse:
    own = Share.objects.live().filter(submission__artist=request.user)
    found = own.select_related("submission__generation", "submission__rendition")
    share = get_object_or_404(found, slug=slug)
    portfolio = Portfolio.objects.filter(artist=request.user).first()
    form = ChoicesForm(sent(request), share=share, has_portfolio=portfolio is not None)
    if form.is_valid():
        choose(share, artist=request.user, **form.answers)
        messages.success(request, "Kept. It holds from now on.")
        return redirect("generations:how_it_is_shared", share.slug)
    if form.errors:
        share = found.get(pk=share.pk)  # the form filled the other in before it was found wrong
    facts = {
        "share": share,
        "form": form,
        "portfolio": portfolio,
        "page_absolute_url": absolute(share.get_absolute_url()),
        "embed_code": previews.frame_of(share),
        **_views(share),
    }
    return render(request, "generations/how_it_is_shared.html", facts, status=status_of(form))


def _views(share: Share) -> dict[str, Any]:
    """How often it was opened, in all and on each of the last days."""
    counts = share.view_counts.all()
    today = programme_day()
    first = today - timedelta(days=DAYS_SHOWN - 1)
    by_day = dict(counts.filter(day__gte=first).values_list("day", "views"))
    days = [first + timedelta(days=passed) for passed in range(DAYS_SHOWN)]
    return {
        "views": counts.in_all(),
        "views_plot": draw(
            [Day(day, by_day.get(day, 0)) for day in days],
            value=lambda day: day.views,
            say=lambda views: f"{views} {'view' if views == 1 else 'views'}",
        ),
        "days_shown": DAYS_SHOWN,
    }

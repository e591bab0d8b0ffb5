"""An artist's public portfolio, and the page on which its artist makes it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.links import absolute
from generations.models import Portfolio, Share
from generations.portfolios.forms import PortfolioForm
from generations.portfolios.services import SHARES_MAX, save_portfolio
from portal.forms import sent, status_of

OFFERED = 2 * SHARES_MAX  # live shares to choose from: those that are in it, then the newest


@before_terms
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def my_portfolio(request: ArtistRequest) -> HttpResponse:
    portfolio = Portfolio.objects.filter(artist=request.user).first()
    own = Share.objects.live().filter(submission__artist=request.user, password="")
    ordered = own.order_by(F("place").asc(nulls_last=True), "-pk")
    form = PortfolioForm(
        sent(request),
        portfolio=portfolio,
        shares=list(ordered.select_related("submission__generation")[:OFFERED]),
        name=request.user.credit_name,
    )
    if form.is_valid():
        kept = save_portfolio(request.user, **form.answers)
        words = "Kept. Anybody can see it now." if kept.is_open else "Kept. Nobody else sees it."
        messages.success(request, words)
        return redirect("generations:my_portfolio")
    facts = {
        "form": form,
        "portfolio": Portfolio.objects.filter(artist=request.user).first(),
        "begins_with": absolute("front") + "artists/",
    }
    return render(request, "generations/my_portfolio.html", facts, status=status_of(form))


@login_not_required
@require_safe
def show_portfolio(request: HttpRequest, address: str) -> HttpResponse:
    """An open portfolio, for anybody; a closed one is there for its artist alone."""
    found = get_object_or_404(
        Portfolio.objects.filter(artist__is_active=True).select_related("artist"), address=address
    )
    if not found.is_open and request.user.pk != found.artist_id:
        raise Http404
    shown = Share.objects.in_portfolio_of(found.artist).select_related(
        "submission__generation", "submission__decision"
    )
    shares = list(shown[:SHARES_MAX])
    chosen = next((share for share in shares if share.pk == found.cover_id), None)
    cover = chosen or next(iter(shares), None)
    facts = {
        "portfolio": found,
        "shares": shares,
        "cover": cover,
        "cover_absolute_url": absolute(cover.poster_url) if cover else "",
        "page_absolute_url": absolute(found.get_absolute_url()),
    }
    page = render(request, "generations/portfolio.html", facts)
    page["Cache-Control"] = "no-cache"
    return page

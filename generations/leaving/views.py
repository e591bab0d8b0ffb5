"""Leaving by oneself, and a manager's page that ends a membership."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.models import Artist, Departure
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.leaving import services
from generations.leaving.forms import EndingForm, LeaveForm
from generations.models import Generation, Share
from portal.forms import sent, status_of


@before_terms
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(allow_get=True)
def leave(request: ArtistRequest) -> HttpResponse:
    """Leave, after saying so with one's own address; that it is oneself is asked before."""
    form = LeaveForm(sent(request), artist=request.user)
    if form.is_valid():
        services.leave(request.user, shares=Departure.Shares(form.cleaned_data["shares"]))
        logout(request)
        return redirect("generations:left")
    standing = Departure.objects.standing().filter(artist=request.user)
    context = {
        "form": form,
        "departure": Departure.objects.of(request.user),
        "own_departure": standing.filter(kind=Departure.Kind.LEFT).first(),
        "active_count": Generation.objects.active().filter(artist=request.user).count(),
        "share_count": Share.objects.live().filter(submission__artist=request.user).count(),
        "days": settings.ERASE_AFTER_DAYS,
    }
    return render(request, "generations/leave.html", context, status=status_of(form))


@login_not_required
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Say goodbye, and how to come back."""
    return render(request, "generations/left.html", {"days": settings.ERASE_AFTER_DAYS})


@before_terms
@require_POST
@login_required
def come_back(request: ArtistRequest) -> HttpResponse:
    own = Departure.objects.standing().filter(kind=Departure.Kind.LEFT)
    services.come_back(get_object_or_404(own, artist=request.user))
    messages.success(
        request,
        "Welcome back: you make clips again. Tokens, roles and public pages that ended stay so.",
    )
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission("artists.end_membership")
def membership(request: ArtistRequest, artist_id: int) -> HttpResponse:
    """One artist's membership: end it with notice, or see how it ends."""
    artist = get_object_or_404(_others(request), pk=artist_id)
    form = EndingForm(sent(request))
    if form.is_valid():
        services.end_membership(artist, by=request.user, **form.cleaned_data)
        messages.success(request, "The membership ends on that day. The artist is told why.")
        return redirect("generations:membership", artist.pk)
    standing = Departure.objects.standing().filter(artist=artist).select_related("by")
    context = {
        "artist": artist,
        "form": form,
        "ending": standing.filter(kind=Departure.Kind.ENDED).first(),
        "leaving": standing.filter(kind=Departure.Kind.LEFT).first(),
        "days": settings.TAKE_DAYS,
    }
    return render(request, "generations/membership.html", context, status=status_of(form))


@require_POST
@with_permission("artists.end_membership")
def withdraw_ending(request: ArtistRequest, artist_id: int) -> HttpResponse:
    artist = get_object_or_404(_others(request), pk=artist_id)
    ended = Departure.objects.standing().filter(kind=Departure.Kind.ENDED)
    departure = get_object_or_404(ended.select_related("artist"), artist=artist)
    services.withdraw_ending(departure, by=request.user)
    messages.success(request, "The membership goes on. The artist is told.")
    return redirect("generations:membership", artist.pk)


def _others(request: ArtistRequest) -> QuerySet[Artist]:
    """Whose membership a manager may end: never their own, and a superuser's by another only."""
    others = Artist.objects.exclude(pk=request.user.pk).select_related("cohort")
    return others if request.user.is_superuser else others.filter(is_superuser=False)

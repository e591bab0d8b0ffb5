"""An account's own pages."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from artists.accounts.sessions import end_others, places
from artists.requests import ArtistRequest


@require_safe
@login_required
@never_cache
def sessions(request: ArtistRequest) -> HttpResponse:
    UserSession.objects.create_from_request(request)  # one that began before there were lists
    shown = places(request.user, session_key=request.session.session_key)
    return render(request, "artists/sessions.html", {"places": shown})


@require_POST
@login_required
def end_session(request: ArtistRequest, session_id: int) -> HttpResponse:
    """End one; whoever ends the one that asks is signed out."""
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    end_sessions(request, [session])
    if not request.user.is_authenticated:
        return redirect("front")
    messages.success(request, "That browser is signed out.")
    return redirect("artists:sessions")


@require_POST
@login_required
def end_other_sessions(request: ArtistRequest) -> HttpResponse:
    end_others(request=request, user=request.user)
    messages.success(request, "Every other browser is signed out.")
    return redirect("artists:sessions")

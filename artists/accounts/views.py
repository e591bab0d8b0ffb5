"""An account's own pages."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import signed_in_or_404
from artists.access.second_factor import shows_second_factor
from artists.accounts.profile import save_profile
from artists.accounts.profile_form import ProfileForm
from artists.accounts.sessions import end_others, places
from artists.models import Artist
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from portal.forms import sent, status_of

MAY_SEE = "generations.review_submission"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def profile(request: ArtistRequest) -> HttpResponse:
    mine = Artist.objects.get(pk=request.user.pk)  # the form fills it in before it is found wrong
    form = ProfileForm(sent(request), request.FILES or None, instance=mine)
    if form.is_valid():
        save_profile(request.user, **form.answers)
        messages.success(request, "Your profile is kept.")
        return redirect("artists:profile")
    facts = {"form": form, "programme_time_zone": settings.TIME_ZONE}
    return render(request, "artists/profile.html", facts, status=status_of(form))


@require_safe
@signed_in_or_404
def picture(request: ArtistRequest, artist_id: int) -> HttpResponseBase:
    """Show a person's picture to themselves, and to whoever reviews; to others it is not there.

    Nobody approved it, so the public never sees it (I1).
    """
    is_own = request.user.pk == artist_id
    if not is_own and not (request.user.has_perm(MAY_SEE) and shows_second_factor(request)):
        raise Http404
    name = get_object_or_404(Artist.objects.exclude(picture=""), pk=artist_id).picture.name
    try:
        file = default_storage.open(str(name), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(file, content_type="image/webp", headers=headers)


@require_safe
@login_required
@never_cache
def sessions(request: ArtistRequest) -> HttpResponse:
    UserSession.objects.create_from_request(request)  # one that began before there were lists
    shown = places(request.user, session_key=request.session.session_key)
    return render(request, "artists/sessions.html", {"places": shown})


@before_terms
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


@before_terms
@require_POST
@login_required
def end_other_sessions(request: ArtistRequest) -> HttpResponse:
    end_others(request=request, user=request.user)
    messages.success(request, "Every other browser is signed out.")
    return redirect("artists:sessions")

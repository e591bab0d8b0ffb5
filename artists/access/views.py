"""An artist's own tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from artists.access import services
from artists.access.forms import RotateForm, TokenBoundsForm, TokenForm
from artists.access.guards import said_who_they_are, signed_in_or_404
from artists.models import DeadUse, Limit, Token
from artists.quotas.windows import credit_windows
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from portal.forms import sent, status_of

USES_SHOWN = 20


@login_required
@said_who_they_are
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("plaintext", "shown_once")
def tokens(request: ArtistRequest) -> HttpResponse:
    """List the tokens; a new one is shown in the answer to the POST that made it alone."""
    form = TokenForm(sent(request))
    shown_once = {}
    if form.is_valid():
        _, plaintext = services.create_token(
            request.user,
            form.cleaned_data["name"],
            form.cleaned_data["expires_in_days"],
            scopes=form.cleaned_data["scopes"],
            **form.bounds,
        )
        shown_once = {"secret": plaintext, "curl_example": services.curl_example(plaintext)}
        form = TokenForm()
    found = list(Token.objects.filter(artist=request.user))
    facts = {
        "live": [token for token in found if token.is_live and not token.is_program],
        "programs": [token for token in found if token.is_live and token.is_program],
        "ended": [token for token in found if not token.is_live],
        "dead_uses": DeadUse.objects.of(request.user).select_related("token")[:USES_SHOWN],
        "form": form,
    }
    return render(request, "artists/tokens.html", facts | shown_once, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_404
@said_who_they_are
def show_token(request: ArtistRequest, token_id: int) -> HttpResponse:
    """Show a token, and set its bounds."""
    token = get_object_or_404(Token, artist=request.user, pk=token_id)
    form = TokenBoundsForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _show(request, token, form=form)
    services.change_token(token, **form.bounds)
    messages.success(request, "Its bounds are set.")
    return redirect("artists:token", token.pk)


@require_POST
@login_required
@said_who_they_are
@never_cache
@sensitive_variables("plaintext")
def rotate_token(request: ArtistRequest, token_id: int) -> HttpResponse:
    """Give a token another secret, which this answer alone shows."""
    own = Token.objects.filter(artist=request.user, refresh_sha256=None)
    token = get_object_or_404(own, pk=token_id)
    form = RotateForm(request.POST)
    if not form.is_valid():
        return _show(request, token, rotate_form=form)
    plaintext = services.rotate(token, **form.terms)
    token.refresh_from_db()
    return _show(request, token, secret=plaintext)


@before_terms
@require_POST
@login_required
def revoke_token(request: ArtistRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(Token, artist=request.user, pk=token_id)
    services.revoke(token, by=request.user)
    messages.success(request, f"“{token.name}” is revoked: what uses it is refused from now on.")
    return redirect("artists:tokens")


def _show(
    request: ArtistRequest,
    token: Token,
    *,
    form: TokenBoundsForm | None = None,
    rotate_form: RotateForm | None = None,
    secret: str = "",
) -> HttpResponse:
    facts: dict[str, Any] = {
        "token": token,
        "windows": credit_windows(Limit.objects.standing().filter(token=token)),
        "form": form or TokenBoundsForm.of(token),
        "rotate_form": rotate_form or RotateForm(),
        "overlaps": token.rotated_secrets.filter(good_until__gt=timezone.now()),
        "dead_uses": token.dead_uses.all()[:USES_SHOWN],
        "secret": secret,
    }
    return render(request, "artists/token.html", facts, status=status_of(form, rotate_form))

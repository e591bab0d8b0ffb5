"""An artist's own tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from artists.access.forms import TokenForm, TokenLimitsForm
from artists.access.guards import said_who_they_are
from artists.access.services import create_token, curl_example, revoke, set_token_limits
from artists.models import Artist, Limit, Token
from artists.quotas.windows import credit_windows
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms


@login_required
@said_who_they_are
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("plaintext", "shown_once")
def tokens(request: ArtistRequest) -> HttpResponse:
    """List the tokens; a new one is shown in the answer to the POST that made it alone."""
    form = TokenForm(request.POST or None)
    shown_once = {}
    if form.is_valid():
        _, plaintext = create_token(
            request.user,
            form.cleaned_data["name"],
            form.cleaned_data["expires_in_days"],
            ceilings=form.ceilings,
        )
        shown_once = {"new_token": plaintext, "curl_example": curl_example(plaintext)}
        form = TokenForm()
    return render(request, "artists/tokens.html", _facts(request.user, form) | shown_once)


@require_POST
@login_required
@said_who_they_are
def set_limits(request: ArtistRequest, token_id: int) -> HttpResponse:
    """Set what one token may spend; a form that does not fit comes back with what is wrong."""
    mine = Token.objects.live().filter(artist=request.user)
    token = get_object_or_404(mine, pk=token_id)
    form = TokenLimitsForm(request.POST, auto_id=f"token_{token.pk}_%s")
    if form.is_valid():
        set_token_limits(token, form.ceilings)
        messages.success(request, f"The limits of “{token.name}” are set.")
        return redirect("artists:tokens")
    facts = _facts(request.user, TokenForm(), wrong={token.pk: form})
    return render(request, "artists/tokens.html", facts, status=400)


@before_terms
@require_POST
@login_required
def revoke_token(request: ArtistRequest, token_id: int) -> HttpResponse:
    revoke(get_object_or_404(Token, pk=token_id, artist=request.user), by=request.user)
    return redirect("artists:tokens")


def _facts(
    artist: Artist, form: TokenForm, *, wrong: dict[int, TokenLimitsForm] | None = None
) -> dict[str, Any]:
    """The tokens with their meters and forms, read with the same queries however many there are."""
    tokens = list(Token.objects.filter(artist=artist).prefetch_related("limits"))
    live = [token for token in tokens if token.is_live]
    windows = credit_windows(Limit.objects.standing().filter(token__in=live))
    rows = [
        {
            "token": token,
            "windows": [one for one in windows if one.limit.token_id == token.pk],
            "form": (wrong or {}).get(token.pk) or TokenLimitsForm.of(token),
        }
        for token in tokens
    ]
    own = credit_windows(Limit.objects.binding(artist))
    return {"rows": rows, "form": form, "own_windows": own}

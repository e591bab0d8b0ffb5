"""An artist's own tokens."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from artists.access.forms import TokenForm
from artists.access.services import create_token, curl_example, revoke
from artists.models import Token
from artists.requests import ArtistRequest


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("plaintext", "shown_once")
def tokens(request: ArtistRequest) -> HttpResponse:
    """List the tokens; a new one is shown in the answer to the POST that made it alone."""
    form = TokenForm(request.POST or None)
    shown_once = {}
    if form.is_valid():
        _, plaintext = create_token(request.user, **form.cleaned_data)
        shown_once = {"new_token": plaintext, "curl_example": curl_example(plaintext)}
        form = TokenForm()
    facts = {"tokens": Token.objects.filter(artist=request.user), "form": form}
    return render(request, "artists/tokens.html", facts | shown_once)


@require_POST
@login_required
def revoke_token(request: ArtistRequest, token_id: int) -> HttpResponse:
    revoke(get_object_or_404(Token, pk=token_id, artist=request.user), by=request.user)
    return redirect("artists:tokens")

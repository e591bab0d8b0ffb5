"""Signing a program in by device code (RFC 8628), in the words of OAuth; and the artist's yes."""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from allauth.idp.oidc import views as oidc
from allauth.idp.oidc.forms import ConfirmCodeForm
from allauth.idp.oidc.internal.oauthlib import device_codes
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from artists.access.guards import said_who_they_are
from artists.access.membership import MembershipEnded, check_membership
from artists.access.networks import client_address, client_name, network_of
from artists.models import Artist
from artists.models.token import Scope
from artists.programs import services as programs
from artists.requests import ArtistRequest
from portal.counting import count

CODES_PER_MINUTE = 10  # that one network may ask for: each is kept for ten minutes
FORM = "application/x-www-form-urlencoded"

View = Callable[[HttpRequest], HttpResponse]


def for_programs(view: View) -> View:
    """A door for programs: a form's fields, no cookie and no file."""

    @login_not_required
    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.content_type != FORM:
            return _refuse("invalid_request", f"Send {FORM}.")
        return view(request)

    return guarded


@for_programs
def device_code(request: HttpRequest) -> HttpResponse:
    """Give a program a code to show to its artist."""
    network = network_of(client_address(request))
    if count(f"device_code:{network}", seconds=60) > CODES_PER_MINUTE:
        return _refuse("slow_down", "Ask again in a minute.", HTTPStatus.TOO_MANY_REQUESTS)
    answer = oidc.device_code(request)
    if answer.status_code != HTTPStatus.OK:
        return answer
    given = json.loads(answer.content)
    page = settings.PUBLIC_URL + reverse("idp:oidc:device_authorization")
    links = {
        "verification_uri": page,
        "verification_uri_complete": f"{page}?code={given['user_code']}",
    }
    return JsonResponse(given | links)


@for_programs
@sensitive_variables("answer", "given", "refresh_token")
@transaction.atomic
def token(request: HttpRequest) -> HttpResponse:
    """Give a program its tokens once its artist has said yes, and new ones for a refresh token."""
    address, client = client_address(request), client_name(request)
    program = None
    if request.POST.get("grant_type") == "refresh_token":
        refresh_token = request.POST.get("refresh_token", "")
        program = programs.lock(refresh_token)
        if program is None:
            programs.note_replay(refresh_token, address=address, client=client)
            return _refuse("invalid_grant", "Sign in again.")
    elif _is_known(request.POST.get("device_code", "")):
        programs.lock_codes()
    answer: HttpResponse = oidc.token(request)
    if answer.status_code == HTTPStatus.OK:
        given = json.loads(answer.content)
        is_kept = programs.keep(
            program,
            access_token=given["access_token"],
            refresh_token=given["refresh_token"],
            address=str(address),
            client=client,
        )
        if not is_kept:
            transaction.set_rollback(True)
            return _refuse("access_denied", MembershipEnded.message)
    return answer


@for_programs
def revoke(request: HttpRequest) -> HttpResponse:
    """End a program by a secret of its own; what is none is answered alike (RFC 7009)."""
    programs.sign_out(request.POST.get("token", ""))
    return JsonResponse({})


@login_required
@said_who_they_are
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: ArtistRequest) -> HttpResponse:
    """Ask the artist for the code that a program shows; then whether it may do what it wants."""
    check_membership(request.user)
    sent = request.POST if request.method == "POST" else request.GET
    form = ConfirmCodeForm(sent) if "code" in sent else ConfirmCodeForm()
    if not form.is_bound or not form.is_valid():
        return render(request, "artists/device_code.html", {"form": form})
    if request.method == "POST":
        is_let_in = request.POST.get("action") == "confirm"
        if not _answer_code(request.user, form.device_code, is_let_in=is_let_in):
            messages.error(request, "This code was answered before, or its time is over.")
        elif is_let_in:
            messages.success(request, "It is let in, and goes on within seconds. Here it ends.")
        else:
            messages.success(request, "It is refused.")
        return redirect("artists:tokens")
    asked = cache.get(device_codes.cache_device_code_key(form.device_code)) or {}
    names = asked.get("scope") or form.client.get_default_scopes()
    facts = {
        "code": form.cleaned_data["code"],
        "client": form.client,
        "labels": [scope.label for scope in Scope if scope in names],
    }
    return render(request, "artists/device.html", facts)


def _is_known(device_code: str) -> bool:
    """Whether a code is open: who polls for another has nobody wait."""
    return cache.get(device_codes.cache_device_code_key(device_code)) is not None


@transaction.atomic
def _answer_code(artist: Artist, device_code: str, *, is_let_in: bool) -> bool:
    """Keep what the artist says to a code; False where it is answered, or over."""
    programs.lock_codes()
    return device_codes.confirm_or_deny_device_code(artist, device_code, confirm=is_let_in)


def _refuse(
    error: str, description: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)

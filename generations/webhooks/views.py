"""An artist's own webhooks: addresses, secrets, and what was sent."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import signed_in_or_404
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.models import WebhookDelivery, WebhookEndpoint
from generations.models.webhook import COMPLETED
from generations.webhooks import services
from generations.webhooks.errors import BadAddress, NoAnswer, TooManyLookups
from generations.webhooks.forms import EndpointForm, RotateForm
from generations.webhooks.signing import hint_of
from portal.forms import RefusalsShownIn, sent, status_of
from portal.throttling import throttled

DELIVERIES_SHOWN = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled
@sensitive_variables("secret")
def webhooks(request: ArtistRequest) -> HttpResponse:
    """List the webhooks; a new one's secret is in the answer to the POST that made it alone."""
    form, secret, made = EndpointForm(sent(request)), "", None
    if form.is_valid():
        with RefusalsShownIn(form, BadAddress, TooManyLookups):
            made, secret = services.register(artist=request.user, **form.cleaned_data)
            form = EndpointForm()
    endpoints = WebhookEndpoint.objects.filter(artist=request.user).select_related("token")
    context = {
        "endpoints": endpoints,
        "form": form if len(endpoints) < services.ENDPOINTS_AT_MOST else None,
        "cap": services.ENDPOINTS_AT_MOST,
        "new_secret": secret,
        "made": made,
    }
    return render(request, "generations/webhooks.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_404
@throttled
def webhook(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    if request.method != "POST":
        return _show(request, endpoint)
    form = EndpointForm(request.POST)
    if form.is_valid():
        with RefusalsShownIn(form, BadAddress, TooManyLookups):
            services.change(endpoint, **form.cleaned_data)
            messages.success(request, "Changed.")
            return redirect("generations:webhook", endpoint.pk)
    return _show(request, endpoint, form=form)


@require_safe
@signed_in_or_404
def deliveries(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    """What was sent: a fragment that asks for itself again while something is on its way."""
    context = _deliveries_of(_find(request, endpoint_id))
    return render(request, "generations/_webhook_deliveries.html", context)


@require_POST
@login_required
@never_cache
@throttled
@sensitive_variables("secret")
def rotate(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    """Make a new secret; it is in this answer alone."""
    endpoint, form = _find(request, endpoint_id), RotateForm(request.POST)
    form.is_valid()  # a box, ticked or not
    secret = services.rotate(endpoint, keep_earlier=form.cleaned_data["keep_earlier"])
    return _show(request, endpoint, new_secret=secret)


@require_POST
@login_required
@throttled
def test(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    try:
        status = services.send_test(endpoint, event_type=COMPLETED)
    except NoAnswer as refusal:
        messages.error(request, refusal.message)
    else:
        is_heard = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        say = messages.success if is_heard else messages.error
        say(request, f"The address answered the test with HTTP {status}.")
    return redirect("generations:webhook", endpoint.pk)


@require_POST
@login_required
@throttled
def switch_on(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _find(request, endpoint_id)
    services.switch_on(endpoint)
    messages.success(request, "Switched on. What still waits goes out now.")
    return redirect("generations:webhook", endpoint.pk)


@require_POST
@login_required
@throttled
def keep(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    services.keep_without_token(_find(request, endpoint_id))
    messages.success(request, "Kept. It lasts whatever becomes of the token that made it.")
    return redirect("generations:webhook", endpoint_id)


@before_terms
@require_POST
@login_required
def remove(request: ArtistRequest, endpoint_id: UUID) -> HttpResponse:
    services.remove(_find(request, endpoint_id))
    messages.success(request, "Removed. Nothing is sent there any more.")
    return redirect("generations:webhooks")


@require_POST
@login_required
@throttled
def send_again(request: ArtistRequest, delivery_id: UUID) -> HttpResponse:
    own = WebhookDelivery.objects.filter(endpoint__artist=request.user)
    delivery = get_object_or_404(own.select_related("endpoint__token"), pk=delivery_id)
    services.send_again(delivery)
    is_on = delivery.endpoint.is_on
    words = "It is on its way again." if is_on else "It goes out once this webhook is on again."
    messages.success(request, words)
    return redirect("generations:webhook", delivery.endpoint_id)


def _find(request: ArtistRequest, endpoint_id: UUID) -> WebhookEndpoint:
    own = WebhookEndpoint.objects.filter(artist=request.user).select_related("token")
    return get_object_or_404(own, pk=endpoint_id)


@sensitive_variables("new_secret")
def _show(
    request: ArtistRequest,
    endpoint: WebhookEndpoint,
    *,
    form: EndpointForm | None = None,
    new_secret: str = "",
) -> HttpResponse:
    context = {
        "form": form or EndpointForm.of(endpoint),
        "rotate_form": RotateForm(),
        "hint": hint_of(endpoint),
        "new_secret": new_secret,
    }
    context |= _deliveries_of(endpoint)
    return render(request, "generations/webhook.html", context, status=status_of(form))


def _deliveries_of(endpoint: WebhookEndpoint) -> dict[str, Any]:
    shown = list(endpoint.deliveries.select_related("generation")[:DELIVERIES_SHOWN])
    return {
        "endpoint": endpoint,
        "deliveries": shown,
        "is_sending": endpoint.is_on and any(one.is_waiting for one in shown),
    }

"""Create calls whose answer was lost: what is known of each, and a manager's word on it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.models import Attempt
from generations.outcomes import services
from generations.outcomes.errors import JobRefused
from generations.outcomes.forms import JobForm, ReasonForm
from generations.providers.registry import provider_named
from portal.forms import RefusalsShownIn, status_of
from portal.paging import cut

SHOWN = 50
GIVEN_UP_SHOWN_FOR = timedelta(days=30)

managers_only = with_permission("generations.settle_attempt")


@require_safe
@managers_only
def outcomes(request: ArtistRequest) -> HttpResponse:
    related = ("generation__artist", "generation__video_model")
    unknown, has_more = cut(Attempt.objects.unknown().select_related(*related), size=SHOWN)
    since = timezone.now() - GIVEN_UP_SHOWN_FOR
    given_up = Attempt.objects.given_up().filter(generation__finished_at__gte=since)
    context = {
        "unknown": [(attempt, _deadline(attempt)) for attempt in unknown],
        "has_more": has_more,
        "given_up": given_up.select_related(*related)[:SHOWN],
    }
    return render(request, "generations/outcomes.html", context)


@require_safe
@managers_only
def outcome(request: ArtistRequest, attempt_id: UUID) -> HttpResponse:
    return _show(request, _find(attempt_id))


@require_POST
@managers_only
def ran(request: ArtistRequest, attempt_id: UUID) -> HttpResponse:
    attempt, form = _find(attempt_id), JobForm(request.POST)
    if form.is_valid():
        with RefusalsShownIn(form, JobRefused):
            services.say_it_ran(attempt, by=request.user, **form.cleaned_data)
            messages.success(request, "It goes on with that job.")
            return redirect("generations:outcomes")
    return _show(request, attempt, ran_form=form)


@require_POST
@managers_only
def lost(request: ArtistRequest, attempt_id: UUID) -> HttpResponse:
    return _settle(
        request,
        attempt_id,
        services.say_it_ran_and_is_lost,
        name="lost_form",
        words="The clip counts as lost, and its artist has the credits back.",
    )


@require_POST
@managers_only
def never_ran(request: ArtistRequest, attempt_id: UUID) -> HttpResponse:
    return _settle(
        request,
        attempt_id,
        services.say_it_never_ran,
        name="never_form",
        words="It is in the queue again.",
    )


def _settle(
    request: ArtistRequest, attempt_id: UUID, settle: Callable[..., None], *, name: str, words: str
) -> HttpResponse:
    attempt, form = _find(attempt_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, attempt, **{name: form})
    settle(attempt, by=request.user, **form.cleaned_data)
    messages.success(request, words)
    return redirect("generations:outcomes")


def _find(attempt_id: UUID) -> Attempt:
    attempts = Attempt.objects.exclude(sent_at=None).select_related(
        "generation__artist", "generation__video_model"
    )
    return get_object_or_404(attempts, pk=attempt_id)


def _show(request: ArtistRequest, attempt: Attempt, **sent_forms: forms.Form) -> HttpResponse:
    generation = attempt.generation
    context: dict[str, object] = {
        "attempt": attempt,
        "generation": generation,
        "moves": generation.moves.all(),
        "deadline": _deadline(attempt),
        "is_open": Attempt.objects.unknown().filter(pk=attempt.pk).exists(),
        "ran_form": JobForm(auto_id="ran_%s"),
        "job_id_form": _job_id_form(attempt.provider),
        "lost_form": ReasonForm(auto_id="lost_%s"),
        "never_form": ReasonForm(auto_id="never_%s"),
    }
    status = status_of(*sent_forms.values())
    return render(request, "generations/outcome.html", context | sent_forms, status=status)


def _job_id_form(provider: str) -> str:
    return provider_named(provider).job_id_form if provider in settings.PROVIDERS else ""


def _deadline(attempt: Attempt) -> datetime:
    return attempt.generation.moved_at + timedelta(seconds=settings.UNKNOWN_DEADLINE_SECONDS)

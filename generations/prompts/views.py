"""The page on which an artist makes a clip, and what updates on it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.requests import ArtistRequest
from artists.terms.guards import before_terms, terms_first
from generations.media.marking import copies_to_come
from generations.models import Generation
from generations.pauses.guard import own_work
from generations.prompts.forms import ChoicesForm, PromptForm
from generations.prompts.idempotency import fingerprint, submit_once
from generations.prompts.services import Quote, ask_to_stop, cancel, quote, remove
from generations.providers.registry import stop_billing_providers
from portal.forms import RefusalsShownIn, sent, status_of


@login_required
@terms_first
@require_http_methods(["GET", "POST"])
@own_work
def create(request: ArtistRequest) -> HttpResponse:
    parent = _parent(request)
    form = PromptForm(sent(request), request.FILES or None, artist=request.user, parent=parent)
    refusals = RefusalsShownIn(form)
    if form.is_valid():
        with refusals:
            return redirect(_submit(request, form, parent=parent))
    context = {
        "form": form,
        "refusal": refusals.refusal,
        "parent": parent,
        "quote": _quote(request, form),
        "copies": copies_to_come(),
    }
    return render(request, "generations/create.html", context, status=status_of(form))


@login_required
@require_safe
def show_quote(request: ArtistRequest) -> HttpResponse:
    """The price of what is chosen at the moment and what would be left, as one chooses."""
    context = {"quote": _quote(request, ChoicesForm(request.GET, artist=request.user))}
    return render(request, "generations/_quote.html", context)


@login_required
@require_safe
def model_options(request: ArtistRequest) -> HttpResponse:
    """The styles, sizes and lengths of another video model; a choice that it has too is kept."""
    form = ChoicesForm(initial=request.GET.dict(), artist=request.user)
    return render(request, "generations/_model_options.html", {"form": form})


@before_terms
@require_POST
@login_required
def cancel_generation(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    generation = _own(request, generation_id)
    cancel(generation)
    messages.success(request, "Cancelled. Its credits are yours again.")
    return redirect(generation)


@before_terms
@require_POST
@login_required
def stop_generation(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    generation = _own(request, generation_id)
    ask_to_stop(generation)
    is_billed = generation.video_model.provider in stop_billing_providers()
    messages.success(
        request,
        "The video model was asked to stop. It bills what it has begun: only what it does not "
        "bill comes back."
        if is_billed
        else "The video model was asked to stop. Its credits come back if it does.",
    )
    return redirect(generation)


@before_terms
@require_POST
@login_required
def remove_generation(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    remove(_own(request, generation_id))
    messages.success(request, "Removed, with its files.")
    return redirect("generations:library")


def _own(request: ArtistRequest, generation_id: UUID) -> Generation:
    return get_object_or_404(Generation.objects.visible_to(request.user), pk=generation_id)


def _parent(request: ArtistRequest) -> Generation | None:
    """The work that `?remix=` names, if it is one's own."""
    wanted = request.GET.get("remix")
    if not wanted:
        return None
    try:
        return _own(request, UUID(wanted))
    except ValueError:
        return None


def _submit(request: ArtistRequest, form: PromptForm, *, parent: Generation | None) -> Generation:
    """Make what the form says, or return what the same page has made of the same form before.

    Who goes back in the browser and changes something sends another body, and makes another clip.
    """
    chosen = dict(form.cleaned_data) | {"parent": parent}
    nonce, video_model = chosen.pop("nonce"), chosen.pop("model")
    body = {name: form[name].value() for name in form.fields}
    body_sha256 = fingerprint(body | {"parent": str(parent and parent.pk)})
    generation, _ = submit_once(
        artist=request.user,
        key=f"page:{nonce}:{body_sha256}",
        body_sha256=body_sha256,
        choose=lambda: chosen | {"video_model": video_model},
    )
    return generation


def _quote(request: ArtistRequest, form: ChoicesForm) -> Quote | None:
    """The price of the form's choices, where they are whole."""
    if form.video_model is None:
        return None
    size, duration = form["size"].value(), str(form["duration_seconds"].value())
    if size not in form.video_model.sizes or duration not in map(str, form.video_model.durations):
        return None
    return quote(
        artist=request.user,
        video_model=form.video_model,
        size=size,
        duration_seconds=int(duration),
    )

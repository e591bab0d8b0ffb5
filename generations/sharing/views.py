"""The public page with its files, and how a submission or a share is ended."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import CharField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseGone
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.links import absolute
from generations.media.credentials.statements import Statement
from generations.media.delivery import serve_exactly
from generations.models import Generation, Ground, Rendition, Share, Submission
from generations.models.render import MediaFile
from generations.sharing import amending, services, sets
from generations.sharing.errors import TooLateToAmend
from generations.sharing.forms import FILE_CHOICES, AmendForm, SetForm, TakeDownForm
from portal.prepared import Arg, Select

SHOWN_KINDS = ("master", "poster", "filmstrip")  # the proxy is a draft, and may name its artist
WORKS_SHOWN = 120
HEAVY = ("submission__public_copy__manifest", "submission__public_copy__prints")
ASKED_AGAIN = "no-cache"  # a kept copy is not shown before asking, so the end of a share holds

_STANDING = Select(
    lambda: (
        Share.objects.standing()
        .select_related("submission__decision", "submission__public_copy")
        .defer(*HEAVY)
        .filter(slug=Arg("slug", CharField()))
    )
)


@before_terms
@require_POST
@login_required
def withdraw_submission(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = get_object_or_404(Submission, pk=submission_id, artist=request.user)
    services.withdraw_submission(submission)
    messages.success(request, "Taken back. Nobody will review it.")
    return redirect(submission.generation)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def amend(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    """Say something else about a submission that nobody reviews yet."""
    own = Submission.objects.of(request.user).select_related("generation")
    submission = get_object_or_404(own, pk=submission_id)
    if not submission.can_be_withdrawn:
        raise TooLateToAmend
    form = AmendForm(request.POST or None, instance=submission)
    if form.is_valid():
        amending.amend(submission, **form.cleaned_data)
        messages.success(request, "Changed. The date of your answer stays the same.")
        return redirect(submission.generation)
    facts = {"submission": submission, "form": form}
    return render(request, "generations/amend.html", facts, status=_status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def submit_set(request: ArtistRequest) -> HttpResponse:
    """Choose several finished works and submit them together."""
    usual = forms.model_to_dict(request.user, fields=["credit_name", *FILE_CHOICES])
    form = SetForm(request.POST or None, artist=request.user, initial=usual)
    if form.is_valid():
        made = sets.submit_set(artist=request.user, **form.cleaned_data)
        count = made.submissions.count()
        messages.success(request, f"{count} clips are submitted. Each page has its due date.")
        return redirect("generations:library")
    works = Generation.objects.shareable_by(request.user).order_by("-pk")
    facts = {"form": form, "works": works[:WORKS_SHOWN], "chosen": form["works"].value() or []}
    return render(request, "generations/submit_set.html", facts, status=_status_of(form))


@before_terms
@require_POST
@login_required
def withdraw(request: ArtistRequest, slug: str) -> HttpResponse:
    share = get_object_or_404(Share, slug=slug, submission__artist=request.user)
    services.withdraw(share, artist=request.user)
    messages.success(request, "The public page is closed.")
    return redirect(share.submission.generation)


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission("generations.take_down_share")
def take_down(request: ArtistRequest, slug: str) -> HttpResponse:
    live = Share.objects.live().select_related("submission__generation__video_model")
    share = get_object_or_404(live.exclude(submission__artist=request.user), slug=slug)
    form = TakeDownForm(request.POST or None)
    if form.is_valid():
        services.take_down(share, manager=request.user, **form.cleaned_data)
        messages.success(request, "Taken down. The artist is told why.")
        return redirect(share)
    facts = {"share": share, "form": form, "grounds": Ground.objects.in_force()}
    return render(request, "generations/take_down.html", facts)


@login_not_required
@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    standing = Share.objects.standing().select_related(
        "submission__generation__video_model",
        "submission__rendition",
        "submission__decision",
        "submission__public_copy",
    )
    share = standing.defer(*HEAVY).filter(slug=slug).first()
    if share is None:
        return _gone_page(request, slug)
    facts = {
        "share": share,
        "submission": share.submission,
        "generation": share.submission.generation,
        **_credentials(share),
        "page_absolute_url": absolute(share.get_absolute_url()),
        "poster_absolute_url": absolute(share.poster_url),
        "video_absolute_url": absolute(share.video_url),
    }
    return _page(request, "share.html", facts)


@login_not_required
@require_safe
def share_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    share = _STANDING.first(slug=slug)
    if share is None:
        get_object_or_404(Share.objects.ended(), slug=slug)
        headers = {"Cache-Control": ASKED_AGAIN}
        return HttpResponseGone("This clip is no longer shown.", headers=headers)
    if kind not in SHOWN_KINDS:
        raise Http404
    approved = share.submission.decision.sha256_of(kind)
    shown = _shown_file(share, kind)
    return serve_exactly(request, shown, sha256=approved, cache_control=ASKED_AGAIN)


def _status_of(form: forms.Form | forms.ModelForm) -> int:
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def _shown_file(share: Share, kind: str) -> MediaFile:
    """Return the file that the public sees: of the master its signed copy, where there is one."""
    submission = share.submission
    if kind == Rendition.Kind.MASTER and submission.decision.public_sha256:
        return submission.public_copy
    shown = submission.generation.renditions.filter(kind__in=SHOWN_KINDS)
    return get_object_or_404(shown, kind=kind)


def _credentials(share: Share) -> dict[str, Any]:
    """What the public file says; nothing of a share that is older than signed files."""
    if not share.submission.decision.public_sha256:
        return {}
    copy = share.submission.public_copy
    return {"signed_copy": copy, "said": Statement(**copy.says)}


def _gone_page(request: HttpRequest, slug: str) -> HttpResponse:
    ended = Share.objects.ended().select_related("ground")
    facts = {"share": get_object_or_404(ended, slug=slug)}
    return _page(request, "share_gone.html", facts, status=HTTPStatus.GONE)


def _page(
    request: HttpRequest, name: str, facts: dict[str, Any], *, status: int = HTTPStatus.OK
) -> HttpResponse:
    page = render(request, f"generations/{name}", facts, status=status)
    page["Cache-Control"] = ASKED_AGAIN
    return page

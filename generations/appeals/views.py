"""The pages of appeals: the artist's, and the reviewers' part of the thread."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import signed_in_or_404, with_permission
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.appeals import services, thread
from generations.appeals.errors import NothingToAppeal
from generations.appeals.forms import AppealForm, MessageForm
from generations.models import Appeal, Promise, Review, Submission
from portal.forms import sent, status_of
from portal.paging import cut

OVERTURNED_SHOWN = 50

reviewers_only = with_permission("generations.review_submission")


@before_terms
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_404
def appeal_submission(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    """Appeal against what was said of a submission, or of its public page."""
    own = Submission.objects.of(request.user).select_related("generation")
    submission = get_object_or_404(own, pk=submission_id)
    made = services.appeal_of(submission)
    refusal = services.appealable(submission)
    if refusal is None and made is not None:
        return redirect(made)
    form = AppealForm(sent(request))
    if form.is_valid():
        made = services.appeal(submission=submission, text=form.cleaned_data["text"])
        messages.success(request, "Your appeal has come in. Its due date stands below.")
        return redirect(made)
    if refusal is None:
        raise NothingToAppeal
    facts = {
        "submission": submission,
        "refusal": refusal,
        "form": form,
        "answer_days": Promise.objects.in_force().appeal_days,
    }
    return render(request, "generations/appeals/new.html", facts, status=status_of(form))


@before_terms
@require_safe
@signed_in_or_404
def appeal(request: ArtistRequest, appeal_id: UUID) -> HttpResponse:
    return _show(request, _own(request, appeal_id), form=MessageForm())


@before_terms
@require_POST
@login_required
def write(request: ArtistRequest, appeal_id: UUID) -> HttpResponse:
    made = _own(request, appeal_id)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _show(request, made, form=form)
    thread.write(appeal=made, author=request.user, text=form.cleaned_data["text"])
    return redirect(f"{made.get_absolute_url()}#thread")


@before_terms
@require_POST
@login_required
def withdraw(request: ArtistRequest, appeal_id: UUID) -> HttpResponse:
    made = _own(request, appeal_id)
    services.withdraw(made)
    messages.success(request, "Taken back. The first decision stands.")
    return redirect(made)


@require_POST
@reviewers_only
def write_to_artist(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    """Write in the thread of the appeal that one holds."""
    others = Review.objects.shown_to(request.user).filter(kind=Review.Kind.APPEAL)
    review = get_object_or_404(others.select_related("appeal__artist"), pk=review_id)
    form = MessageForm(request.POST)
    if form.is_valid() and review.appeal is not None:
        thread.write(appeal=review.appeal, author=request.user, text=form.cleaned_data["text"])
    else:
        messages.error(request, "Nothing was sent: a message needs words, and not too many.")
    return redirect(f"{review.get_absolute_url()}#thread")


@require_safe
@reviewers_only
def overturned(request: ArtistRequest) -> HttpResponse:
    """What became of appeals against what one decided."""
    against = Appeal.objects.against_refusals_of(request.user)
    appeals, has_more = cut(
        against.select_related("review", "against", "ground", "submission", "share__submission"),
        size=OVERTURNED_SHOWN,
    )
    facts = {"appeals": appeals, "has_more": has_more}
    return render(request, "generations/appeals/overturned.html", facts)


def _own(request: ArtistRequest, appeal_id: UUID) -> Appeal:
    return get_object_or_404(Appeal.objects.of(request.user), pk=appeal_id)


def _show(request: ArtistRequest, made: Appeal, *, form: MessageForm) -> HttpResponse:
    facts = {
        "appeal": made,
        "submission": None if made.refused else made.the_submission,
        "thread": thread.messages_for(made, request.user),
        "form": form if made.is_open else None,
    }
    return render(request, "generations/appeals/appeal.html", facts, status=status_of(form))

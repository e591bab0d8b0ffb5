"""The reviewer's page of an appeal against a refused prompt: there is no clip, only words."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from artists.requests import ArtistRequest
from generations.appeals.forms import MessageForm
from generations.appeals.thread import messages_for
from generations.models import Appeal, Check, Ground, Review
from generations.reviews import deciding
from generations.reviews.forms import RefusedPromptForm
from generations.reviews.guards import reviewers_only
from generations.reviews.recording import answer
from generations.reviews.standing import heard, standing_of
from portal.forms import sent


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def review_prompt(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    """Show the prompt, what refused it and the appeal; take the decision of who has claimed it."""
    shown = Review.objects.shown_to(request.user).select_related("artist", "claimed_by")
    review = get_object_or_404(shown, pk=review_id)
    of_prompts = Appeal.objects.exclude(refused=None).select_related(
        "artist", "decided_by", "refused__rule", "refused__ground", "refused__video_model"
    )
    appeal = get_object_or_404(of_prompts, review=review)
    form = RefusedPromptForm(sent(request))
    return answer(
        request,
        review,
        form,
        record=partial(deciding.decide, review=review, reviewer=request.user),
        show=lambda status: _show(request, review, appeal, form=form, status=status),
    )


def _show(
    request: ArtistRequest,
    review: Review,
    appeal: Appeal,
    *,
    form: RefusedPromptForm,
    status: int,
) -> HttpResponse:
    thread = messages_for(appeal, request.user)
    facts = {
        "review": review,
        "appeal": appeal,
        "refused": appeal.refused,
        "checks": Check.objects.filter(refused=appeal.refused_id)
        .select_related("rule__ground")
        .order_by("pk"),
        "form": form,
        "grounds": Ground.objects.in_force().with_overturns(),
        "heard": heard(review, reader=request.user),
        "thread": thread,
        "message_form": MessageForm() if thread is not None and review.is_open else None,
        **standing_of(review, reviewer=request.user),
    }
    return render(request, "generations/review_prompt.html", facts, status=status)

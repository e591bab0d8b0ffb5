"""A decision that comes from a page: recorded, or shown again with all that was written in it."""

from collections.abc import Callable
from http import HTTPStatus

from django.forms import Form
from django.http import HttpResponse

from artists.requests import ArtistRequest
from generations.models import Review
from generations.reviews import claiming
from generations.reviews.errors import AlreadyClaimed, ClaimIsOver
from generations.reviews.next_one import go_on, lead_to
from portal.forms import RefusalsShownIn, status_of


def answer(
    request: ArtistRequest,
    review: Review,
    form: Form,
    *,
    record: Callable[..., object],
    show: Callable[[int], HttpResponse],
) -> HttpResponse:
    """Let `record` have what a whole form says and lead on; or `show` the page, with its status.

    The review is claimed first where that was asked, as after a claim that ran out.
    """
    is_whole = form.is_valid()
    with RefusalsShownIn(form, AlreadyClaimed, ClaimIsOver):
        if "claim" in request.POST:
            claiming.claim(review=review, reviewer=request.user)
        if is_whole:
            record(**form.cleaned_data)
            return (
                lead_to(request, "generations:queue") if "stop" in request.POST else go_on(request)
            )
    return show(HTTPStatus.CONFLICT if is_whole else status_of(form))

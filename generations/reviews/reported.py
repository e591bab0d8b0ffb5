"""The reviewer's page of a share that visitors reported: what they say, the clip, the decision."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from artists.requests import ArtistRequest
from generations.models import Ground, Opinion, Review, Share
from generations.models.review import DECIDE_ESCALATED
from generations.reviews import deciding
from generations.reviews.deciding import TAKE_DOWN
from generations.reviews.forms import ReportedForm
from generations.reviews.guards import reviewers_only
from generations.reviews.recording import answer
from generations.reviews.standing import standing_of
from portal.forms import sent
from portal.paging import cut

REPORTS_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def reported(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    """Show the reports, and take the decision of who has claimed them."""
    review = get_object_or_404(
        Review.objects.shown_to(request.user)
        .filter(kind=Review.Kind.REPORT)
        .with_part_of(request.user)
        .select_related(
            "claimed_by", "about__rendition", "about__generation__video_model", "about__artist"
        ),
        pk=review_id,
    )
    form = ReportedForm(
        sent(request),
        may_take_down=request.user.has_perm(TAKE_DOWN),
    )
    return answer(
        request,
        review,
        form,
        record=partial(deciding.decide, review=review, reviewer=request.user),
        show=lambda status: _show(request, review, form=form, status=status),
    )


def _show(
    request: ArtistRequest, review: Review, *, form: ReportedForm, status: int
) -> HttpResponse:
    share = Share.objects.select_related("ground", "submission__decision").get(
        submission=review.about_id
    )
    reports, has_more = cut(
        review.reports.select_related("ground").order_by("-pk"), size=REPORTS_SHOWN
    )
    before = Review.objects.filter(kind=Review.Kind.REPORT, about=review.about_id)
    facts = {
        "review": review,
        "share": share,
        "submission": review.about,
        "reports": reports,
        "has_more_reports": has_more,
        "dismissed_before": before.exclude(closed_at=None).exclude(pk=review.pk).count(),
        "form": form,
        "grounds": Ground.objects.in_force(),
        "escalated": _escalations(review) if request.user.has_perm(DECIDE_ESCALATED) else [],
        "last": review.opinions.given().select_related("ground", "reviewer").last(),
        **standing_of(review, reviewer=request.user, had_part=review.had_part),
    }
    return render(request, "generations/reported.html", facts, status=status)


def _escalations(review: Review) -> list[Opinion]:
    """What reviewers told the managers when they handed these on."""
    handed_on = review.opinions.given().filter(outcome=Opinion.Outcome.ESCALATE)
    return list(handed_on.exclude(enacted_at=None).select_related("reviewer").order_by("pk"))

"""The lists behind the figures: states, times, amounts; never a prompt, picture or secret."""

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.models import Artist
from artists.requests import ArtistRequest
from generations.dashboard.forms import (
    ArtistFilter,
    Filter,
    GenerationFilter,
    SubmissionFilter,
    TokenFilter,
    say_kind,
)
from generations.dashboard.paging import PAGE_SIZE, page_of
from generations.dashboard.period import Period
from generations.dashboard.plots import say_seconds
from generations.models import Generation
from portal.forms import status_of
from portal.paging import newest_first

managers_only = with_permission("generations.view_dashboard")


@require_safe
@managers_only
def generations(request: ArtistRequest) -> HttpResponse:
    form = GenerationFilter.read(request.GET)
    found = form.rows()
    related = found.select_related("artist", "video_model", "reservation", "token")
    by = "created_at" if form.is_of_now else "-finished_at"
    page = page_of(related, by=by, after=request.GET.get("after", ""))
    totals = found.aggregate(count=Count("pk"), credits=Sum("reservation__settled_credits"))
    rows = [(one, _waited(one), say_kind(one.failure_kind)) for one in page.items]
    facts = {"rows": rows, "totals": totals}
    return _show(request, "generations", form, facts, next_cursor=page.next_cursor)


@require_safe
@managers_only
def submissions(request: ArtistRequest) -> HttpResponse:
    form = SubmissionFilter.read(request.GET)
    found = form.rows()
    by = "due_at" if form.is_of_now else "-closed_at"
    related = found.select_related("artist", "review__claimed_by", "generation__video_model")
    page = page_of(related, by=by, after=request.GET.get("after", ""))
    facts = {"rows": page.items, "count": found.count()}
    return _show(request, "submissions", form, facts, next_cursor=page.next_cursor)


@require_safe
@managers_only
def artists(request: ArtistRequest) -> HttpResponse:
    form = ArtistFilter.read(request.GET)
    found = form.rows()
    page = newest_first(
        found.select_related("cohort"), after=request.GET.get("after", ""), size=PAGE_SIZE
    )
    made = _made(page.items, form.period) if form.is_valid() else {}
    rows = [(artist, *made.get(artist.pk, (0, 0))) for artist in page.items]
    facts = {"rows": rows, "count": found.count()}
    return _show(request, "artists", form, facts, next_cursor=page.next_cursor)


@require_safe
@managers_only
def tokens(request: ArtistRequest) -> HttpResponse:
    form = TokenFilter.read(request.GET)
    found = form.rows()
    page = newest_first(
        found.select_related("artist"), after=request.GET.get("after", ""), size=PAGE_SIZE
    )
    rows = [(token, f"token-{token.pk}") for token in page.items]
    facts = {"rows": rows, "count": found.count()}
    return _show(request, "tokens", form, facts, next_cursor=page.next_cursor)


def _show(
    request: ArtistRequest, name: str, form: Filter, facts: dict[str, Any], *, next_cursor: str
) -> HttpResponse:
    asked = request.GET.copy()
    asked.pop("after", None)
    context = facts | {
        "form": form,
        "next_cursor": next_cursor,
        "querystring": asked.urlencode(),
    }
    return render(request, f"generations/dashboard/{name}.html", context, status=status_of(form))


def _waited(generation: Generation) -> str:
    """From the prompt to its end, or until now."""
    end = generation.finished_at or timezone.now()
    return say_seconds((end - generation.created_at).total_seconds())


def _made(shown: list[Artist], period: Period) -> dict[int, tuple[int, int]]:
    """How many generations of each ended in a period, and the credits that they cost."""
    over = Generation.objects.ended_within(period.start, period.end).filter(artist__in=shown)
    sums = (
        over.order_by()
        .values_list("artist")
        .annotate(count=Count("pk"), credits=Sum("reservation__settled_credits"))
    )
    return {artist_id: (count, credits) for artist_id, count, credits in sums}

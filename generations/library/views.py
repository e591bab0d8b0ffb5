"""Looking at what one has made: home, library, one work and its progress."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from artists.models import Artist
from artists.quotas.services import open_windows
from artists.requests import ArtistRequest
from generations.library.forms import LibraryForm
from generations.library.paging import page_after
from generations.models import Generation, Submission
from generations.models.generation import RUNNING, GenerationQuerySet, Status
from generations.rendering.waiting import expected_wait
from generations.sharing.forms import SubmissionForm

LATEST = 8


@login_required
@require_GET
def home(request: ArtistRequest) -> HttpResponse:
    works = _works(request.user)
    context = {
        "windows": sorted(open_windows(request.user), key=lambda one: one.limit.reading_order),
        "active": [
            {"generation": one, "wait": expected_wait(one)}
            for one in works.active().with_place().order_by("-pk")
        ],
        "latest": works.filter(status=Status.READY).order_by("-pk")[:LATEST],
        "submissions": Submission.objects.filter(artist=request.user)
        .select_related("generation")
        .order_by("-pk")[:LATEST],
        "caps": _caps(request.user),
    }
    return render(request, "generations/home.html", context)


@login_required
@require_GET
def library(request: ArtistRequest) -> HttpResponse:
    form = LibraryForm(request.GET)
    page = page_after(form.apply(_works(request.user)), request.GET.get("after", ""))
    asked = request.GET.copy()
    asked.pop("after", None)
    is_part = "HX-Request" in request.headers and "after" in request.GET
    name = "_library_page.html" if is_part else "library.html"
    context = {"form": form, "page": page, "querystring": asked.urlencode()}
    return render(request, f"generations/{name}", context)


@login_required
@require_GET
def work(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    works = _works(request.user).select_related("reservation", "parent__video_model").with_place()
    return show_work(request, get_object_or_404(works, pk=generation_id))


def show_work(
    request: ArtistRequest, generation: Generation, *, submission_form: SubmissionForm | None = None
) -> HttpResponse:
    """The page of one work; with a form that was sent and does not fit, it says what is wrong."""
    submissions = list(Submission.objects.history(generation))
    parent = generation.parent
    context = {
        "generation": generation,
        "wait": expected_wait(generation) if generation.is_active else None,
        "moves": generation.moves.all(),
        "parent": parent if parent and not parent.removed_at else None,
        "remixes": _works(request.user).filter(parent=generation).order_by("pk"),
        "submissions": submissions,
        "submission_form": submission_form or _submission_form(generation, submissions),
        "review_days": settings.REVIEW_DAYS,
    }
    return render(request, "generations/work.html", context, status=400 if submission_form else 200)


@login_required
@require_GET
def progress(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    """How far a generation is: a fragment that asks for itself again until it has ended."""
    generation = get_object_or_404(_works(request.user).with_place(), pk=generation_id)
    wait = expected_wait(generation) if generation.is_active else None
    context = {"generation": generation, "wait": wait}
    return render(request, "generations/_progress.html", context)


def _works(artist: Artist) -> GenerationQuerySet:
    return Generation.objects.visible_to(artist).select_related("video_model")


def _caps(artist: Artist) -> dict[str, int]:
    counts = (
        Generation.objects.active()
        .filter(artist=artist)
        .aggregate(
            running=Count("pk", filter=Q(status__in=RUNNING)),
            queued=Count("pk", filter=Q(status=Status.QUEUED)),
        )
    )
    cohort = artist.cohort
    return counts | {
        "running_cap": cohort.running_cap if cohort else 0,
        "queued_cap": cohort.queued_cap if cohort else 0,
    }


def _submission_form(
    generation: Generation, submissions: list[Submission]
) -> SubmissionForm | None:
    """The form to submit a work, while nothing about it is undecided or public."""
    if not generation.is_ready:
        return None
    for submission in submissions:
        share = getattr(submission, "share", None)
        if submission.is_undecided or (share and share.is_live):
            return None
    return SubmissionForm.for_work(generation)

"""What is paused for whoever asks: read from the database anew for each request (I8)."""

from functools import partial, wraps
from typing import Any, ParamSpec

from django.db.models import IntegerField, OuterRef, Subquery
from django.http import HttpRequest, HttpResponseBase

from artists.access.errors import refusal
from artists.access.guards import View
from artists.models import Artist, Pause, Token
from artists.models.limit import NOBODY
from artists.models.pause import PauseQuerySet
from artists.requests import ArtistRequest
from generations.models import VideoModel
from portal.prepared import Arg, Select

P = ParamSpec("P")


def titled(pauses: PauseQuerySet) -> PauseQuerySet:
    """Let each pause of a video model know its title."""
    of_the_model = VideoModel.objects.filter(pk=OuterRef("video_model_id"))
    return pauses.annotate(video_model_title=Subquery(of_the_model.values("title")))


def refuse_if_paused(*, artist: Artist, video_model: VideoModel, token: Token | None) -> None:
    """Raise Paused where nothing may be made so now, by the widest pause that says it."""
    pause = _WIDEST.first(
        artist=artist.pk,
        cohort=artist.cohort_id or NOBODY,
        token=token.pk if token else NOBODY,
        video_model=video_model.pk,
    )
    if pause:
        raise refusal(pause)


_WIDEST = Select(
    lambda: titled(
        Pause.objects.in_force().touching(
            **{
                name: Arg(name, IntegerField())
                for name in ("artist", "cohort", "token", "video_model")
            }
        )
    )[:1]
)


def pauses_met_by(request: HttpRequest) -> list[Pause]:
    """What somebody who is signed in meets; read once a request, by a query at most.

    No query where none concerns them: who they are was read together with that.
    """
    found: list[Pause] | None = getattr(request, "_pauses", None)
    if found is None:
        found = list(_read(request.user)) if request.user.is_authenticated else []
        request._pauses = found  # type: ignore[attr-defined]
    return found


def banner(request: HttpRequest) -> dict[str, Any]:
    """For every page: `pauses`, asked for where a page shows them."""
    return {"pauses": partial(pauses_met_by, request)}


def own_work(view: View[P]) -> View[P]:
    """Keep artists from looking at their work while a pause says so; it says why."""

    @wraps(view)
    def guarded(request: ArtistRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        for pause in pauses_met_by(request):
            if not pause.allows_looking and not pause.token_id:
                raise refusal(pause)
        return view(request, *args, **kwargs)

    return guarded


def _read(artist: Any) -> PauseQuerySet:
    if not getattr(artist, "meets_pauses", True):
        return Pause.objects.none()
    concerning = Pause.objects.in_force().concerning(artist=artist.pk, cohort=artist.cohort_id)
    return titled(concerning.select_related("token"))

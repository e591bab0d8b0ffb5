"""What a manager may pause: a pause that is not stored yet stands for its scope."""

from django.db.models import Q
from django.http import Http404

from artists.models import Artist, Cohort, Pause, Token
from artists.quotas import scopes as quotas
from generations.models import VideoModel

FOUND_MAX = 20


def read_scope(slug: str) -> Pause:
    """Return a new pause of what an address names, as artist-5 or model-2. Raises Http404."""
    kind, _, key = slug.partition("-")
    try:
        match kind:
            case "programme" if not key:
                return Pause()
            case "cohort":
                return Pause(cohort=Cohort.objects.get(pk=int(key)))
            case "artist":
                return Pause(artist=Artist.objects.get(pk=int(key)))
            case "token":
                return Pause(token=Token.objects.select_related("artist").get(pk=int(key)))
            case "model":
                return of_video_model(VideoModel.objects.get(pk=int(key)))
    except (
        ValueError,
        OverflowError,
        Artist.DoesNotExist,
        Cohort.DoesNotExist,
        Token.DoesNotExist,
        VideoModel.DoesNotExist,
    ) as error:
        raise Http404 from error
    raise Http404


def of_video_model(video_model: VideoModel) -> Pause:
    pause = Pause(video_model_id=video_model.pk)
    pause.video_model_title = video_model.title  # type: ignore[attr-defined]
    return pause


def slug_of(pause: Pause) -> str:
    """Return the slug that read_scope reads."""
    match pause.scope:
        case "cohort":
            return f"cohort-{pause.cohort_id}"
        case "artist":
            return f"artist-{pause.artist_id}"
        case "token":
            return f"token-{pause.token_id}"
        case "video_model":
            return f"model-{pause.video_model_id}"
    return "programme"


def search(words: str) -> list[Pause]:
    """Cohorts, artists and live tokens that the words name, 20 of each at most."""
    found = [Pause(cohort=one.cohort, artist=one.artist) for one in quotas.search(words)]
    named = Q(name__icontains=words) | Q(hint=words) | Q(artist__email__icontains=words)
    tokens = Token.objects.live().filter(named).select_related("artist")
    return found + [Pause(token=token) for token in tokens[:FOUND_MAX]]

"""What artists are told by mail about their submissions and shares."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from artists.models import Artist
from generations.models import Decision, Share
from generations.links import absolute


def tell_decision(decision_id: int) -> None:
    """Tell an artist what was decided, on which ground and why."""
    decision = Decision.objects.select_related(
        "artist", "ground", "submission__generation", "submission__share"
    ).get(pk=decision_id)
    submission = decision.submission
    facts = {
        "decision": decision,
        "submission": submission,
        "work_url": absolute(submission.generation.get_absolute_url()),
    }
    if decision.outcome == Decision.Outcome.APPROVE:
        facts["share_url"] = absolute(submission.share.get_absolute_url())
    _send("decision", decision.artist, facts)


def tell_take_down(share_id: int) -> None:
    """Tell an artist that a share of theirs was taken down, on which ground and why."""
    share = Share.objects.select_related("submission__artist", "ground").get(pk=share_id)
    _send("take_down", share.submission.artist, {"share": share, "submission": share.submission})


def _send(name: str, artist: Artist, facts: dict[str, object]) -> None:
    facts |= {
        "artist": artist,
        "programme_name": settings.PROGRAMME_NAME,
        "grounds_url": absolute("generations:grounds"),
    }
    subject = render_to_string(f"generations/mail/{name}_subject.txt", facts)
    body = render_to_string(f"generations/mail/{name}.txt", facts)
    send_mail(" ".join(subject.split()), body, None, [artist.email])

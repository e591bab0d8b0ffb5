"""What every enacted decision writes down, whatever kind of review it came from."""

from generations.models import Decision, Generation, Rendition, Submission


class Overtaken(Exception):
    """Somebody else enacted the opinion, or what it was about was taken back."""


def lock_work(submission: Submission) -> None:
    """Let no new submission of the same work be made until the decision stands."""
    Generation.objects.select_for_update(no_key=True).only("pk").get(pk=submission.generation_id)


def reviewed_hashes(submission: Submission) -> dict[str, str]:
    kinds = (Rendition.Kind.PROXY, Rendition.Kind.POSTER, Rendition.Kind.FILMSTRIP)
    beside = Rendition.objects.filter(generation=submission.generation_id, kind__in=kinds)
    hashes = {f"{kind}_sha256": sha256 for kind, sha256 in beside.values_list("kind", "sha256")}
    return hashes | {"rendition_sha256": Rendition.objects.get(pk=submission.rendition_id).sha256}


def facts_of(decision: Decision) -> dict[str, object]:
    facts: dict[str, object] = {
        "submission": str(decision.submission_id),
        "outcome": decision.outcome,
        "ground": decision.ground and decision.ground.code,
        "ground_version": decision.ground and decision.ground.version,
        "rendition_sha256": decision.rendition_sha256,
        "public_sha256": decision.public_sha256,
    }
    return facts | {"by_silence": True} if decision.is_by_silence else facts

"""A cohort with the video models that it may use."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from artists.models import Artist, Cohort
from generations.cohorts.errors import PlacesPromised
from generations.models import VideoModel
from portal.audit import record


@transaction.atomic
def save_cohort(
    cohort: Cohort, *, video_models: Iterable[VideoModel], by: Artist, changes: Mapping[str, object]
) -> None:
    """Make a cohort, or keep what was changed of it. Raises PlacesPromised.

    It has the new values already; `changes` are those, for the audit trail. No video model chosen
    means all. Who makes a clip meets the new choice at the next prompt.
    """
    verb = "cohort.changed" if cohort.pk else "cohort.made"
    if cohort.pk and cohort.places is not None:
        Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
        if Cohort.objects.places_used(cohort.pk) > cohort.places:
            raise PlacesPromised
    cohort.save()
    chosen = list(video_models)
    cohort.video_models.set(chosen)
    facts = {**changes, "video_models": sorted(model.name for model in chosen)}
    record(verb, actor=by, subject=cohort, facts=facts)

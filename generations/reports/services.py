"""Reports of visitors: how they come into the reviewers' queue."""

from django.db import transaction

from generations.judging.reports import open_review
from generations.models import Ground, Report, Share
from generations.reports.errors import NotShown


@transaction.atomic
def make_report(share: Share, *, ground: Ground, text: str, email: str = "") -> Report:
    """Report a live share. Reports of one share that nobody has decided on are one review.

    Raises NotShown.
    """
    # Who ends the share takes this lock too, and answers every report that is open by then.
    live = Share.objects.live().select_for_update(of=("self",), no_key=True)
    locked = live.select_related("submission__generation", "submission__artist").filter(pk=share.pk)
    found = locked.first()
    if found is None:
        raise NotShown
    return Report.objects.create(
        review=open_review(found), share=found, ground=ground, text=text.strip(), email=email
    )

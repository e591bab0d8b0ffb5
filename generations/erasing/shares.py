"""What becomes of the public pages of somebody who leaves."""

from artists.models import Artist, Departure
from generations.models import Share, Submission

NO_NAME = "an artist"


def settle_shares(artist: Artist, choice: str) -> None:
    """Take back what nobody has decided on, and close or rename the pages, as the artist chose."""
    own = Submission.objects.filter(artist=artist)
    own.withdraw()
    live = Share.objects.live().filter(submission__artist=artist)
    if choice == Departure.Shares.UNNAMED:
        own.filter(share__in=live).update(credit_name=NO_NAME)
    elif choice == Departure.Shares.WITHDRAWN:
        for share in live:
            Share.objects.end(share.pk, Share.Status.WITHDRAWN)

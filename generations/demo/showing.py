"""How the demo's clips are shown: a portfolio, a download, a gallery with something in it."""

from artists.models import Artist
from generations.models import Opinion, Portfolio, Share
from generations.portfolios.services import save_portfolio

ADDRESS = "ines-marlowe"


def show_clips(people: dict[str, Artist]) -> bool:
    """Open a portfolio once something of its artist is public; False while that is yet to come."""
    artist = people["ines"]
    live = Share.objects.live().filter(submission__artist=artist).order_by("-pk")
    if Portfolio.objects.filter(artist=artist).exists():
        return True
    if not live:
        return not Opinion.objects.pending().filter(artist=artist).exists()
    live.update(allows_download=True, is_findable=True)
    save_portfolio(
        artist,
        address=ADDRESS,
        is_open=True,
        shows_links=False,
        is_findable=True,
        shares=[share.pk for share in live],
    )
    return True

"""The ledger check as the schedule runs it: what it finds is logged, kept, and told to managers."""

import logging

from django.conf import settings
from django.urls import reverse

from artists.alarms import keep_and_tell, read
from artists.models import LedgerCheck, Window
from artists.quotas.checking import check_ledger
from portal.snapshot import snapshot

logger = logging.getLogger(__name__)


def check_and_alarm() -> None:
    """Check the ledger, and tell the managers of what no letter has told them."""
    with snapshot():
        found = read(check_ledger())
        windows = Window.objects.count()
    if found.wrong:
        sentences = "; ".join(found.sentences)
        logger.critical("the ledger does not add up in %d places: %s", found.wrong, sentences)
    address = settings.PUBLIC_URL + reverse("artists:quotas", args=["programme"])
    keep_and_tell(
        LedgerCheck,
        found,
        letter="artists/ledger_alarm",
        facts={"quotas_url": address},
        windows=windows,
    )

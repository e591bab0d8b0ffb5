"""The ledger check as the schedule runs it: what it finds is logged, kept, and told to managers."""

import logging
from itertools import islice

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from artists.access.roles import MANAGER
from artists.models import Artist, LedgerCheck, Window
from artists.quotas.checking import Discrepancy, check_ledger
from portal.snapshot import snapshot

logger = logging.getLogger(__name__)

KEPT = 1000  # of a ledger that is broken throughout, the first are enough to know it
SHOWN = 20


def check_and_alarm() -> None:
    """Check the ledger, and tell the managers of what no letter has told them.

    A letter that the mail server does not take is written again at the next check.
    """
    with snapshot():
        found = check_ledger()
        first = list(islice(found, KEPT))
        wrong = len(first) + sum(1 for _ in found)
        windows = Window.objects.count()
    if wrong:
        sentences = "; ".join(one.sentence for one in first[:SHOWN])
        logger.critical("the ledger does not add up in %d places: %s", wrong, sentences)
    new = _write_down(first, wrong=wrong, windows=windows)
    if not new:
        return
    try:
        _tell_managers(new, wrong=wrong)
    except Exception:
        untold = {one.key for one in new}
        told = [one.key for one in first if one.key not in untold]
        LedgerCheck.objects.filter(pk=LedgerCheck.ONLY).update(told=told)
        raise


@transaction.atomic
def _write_down(first: list[Discrepancy], *, wrong: int, windows: int) -> list[Discrepancy]:
    """Keep what was found, and return what is to be told: it counts as told from now on.

    What is right again is forgotten, so that it is told anew should it go wrong once more.
    """
    LedgerCheck.objects.get_or_create(pk=LedgerCheck.ONLY)
    check = LedgerCheck.objects.select_for_update().get(pk=LedgerCheck.ONLY)
    told_before = set(check.told)
    check.at, check.windows, check.wrong = timezone.now(), windows, wrong
    check.sentences = [one.sentence for one in first[:SHOWN]]
    check.told = [one.key for one in first]
    check.save()
    return [one for one in first if one.key not in told_before]


def _tell_managers(new: list[Discrepancy], *, wrong: int) -> None:
    managers = Artist.objects.filter(groups__name=MANAGER, is_active=True)
    facts = {
        "new": new[:SHOWN],
        "more": len(new) - SHOWN,
        "wrong": wrong,
        "programme_name": settings.PROGRAMME_NAME,
        "quotas_url": settings.PUBLIC_URL + reverse("artists:quotas", args=["programme"]),
    }
    subject = " ".join(render_to_string("artists/ledger_alarm_subject.txt", facts).split())
    body = render_to_string("artists/ledger_alarm.txt", facts)
    get_connection().send_messages(
        [EmailMessage(subject, body, to=[manager.email]) for manager in managers]
    )

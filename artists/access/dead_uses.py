"""Uses of dead tokens: written down within bounds, and told to the artist once a token."""

import logging
import time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from artists.access.networks import Address, network_of
from artists.models import DeadUse, Token
from portal.counting import count
from portal.mail import plain_letter

logger = logging.getLogger(__name__)

NETWORKS_AN_HOUR = 50  # of one token; what comes from yet others shares one row


def note(token: Token, why: DeadUse.Why, *, address: Address, client: str) -> None:
    """Write a use of a dead token down: a row for each network and hour, once a second at most.

    Of whoever's account is closed nothing is gathered any more.
    """
    if not token.artist.is_active:
        return
    network = network_of(address)
    if count(f"dead:{token.pk}:{network}:{int(time.time())}", seconds=1) > 1:
        return
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    of_hour = DeadUse.objects.filter(token=token, hour=hour)
    known = set(of_hour.values_list("network", flat=True))
    if network not in known and len(known) >= NETWORKS_AN_HOUR:
        network = ""
    use = DeadUse(token=token, hour=hour, network=network, why=why, client=client, last_at=now)
    if network not in known and _add(use):
        return
    again = of_hour.filter(network=network)
    again.update(times=F("times") + 1, why=why, client=client, last_at=now)


def tell_artists() -> None:
    """Write to each artist of whose token a dead use came to light, once a token.

    It counts as told before the letter goes; a letter that the mail server does not take is given
    back, and written again the next time.
    """
    for token in Token.objects.used_when_dead().select_related("artist"):
        untold = Token.objects.filter(pk=token.pk, leak_told_at=None)
        if untold.update(leak_told_at=timezone.now()) != 1:
            continue
        try:
            _write(token)
        except OSError:
            Token.objects.filter(pk=token.pk).update(leak_told_at=None)
            logger.exception("the letter on token %d was not taken", token.pk)


def tidy() -> None:
    DeadUse.objects.outdated().delete()


def _add(use: DeadUse) -> bool:
    """Add the row of an hour; False means that another request has just added it."""
    try:
        with transaction.atomic():
            use.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _write(token: Token) -> None:
    facts = {
        "token": token,
        "use": token.dead_uses.latest("last_at"),
        "tokens_url": settings.PUBLIC_URL + reverse("artists:tokens"),
    }
    plain_letter("artists/mail/dead_use", facts, to=token.artist.email).send()

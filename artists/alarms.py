"""What a check on the schedule finds is kept, and told to managers once."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from artists.models.check import Check
from artists.roles.services import MANAGER
from portal.mail import plain_letter

KEPT = 1000  # of a check that finds fault throughout, the first are enough to know it
SHOWN = 20


@dataclass(frozen=True)
class Discrepancy:
    """One thing that does not add up, in a sentence.

    The key names the same thing as long as it is wrong in the same way, whatever moves meanwhile.
    """

    key: str
    sentence: str


@dataclass(frozen=True)
class Found:
    """How many things are wrong, and the first of them."""

    first: list[Discrepancy]
    wrong: int

    @property
    def sentences(self) -> list[str]:
        return [one.sentence for one in self.first[:SHOWN]]


def read(discrepancies: Iterable[Discrepancy]) -> Found:
    """Read all, and keep the first."""
    rest = iter(discrepancies)
    first = list(islice(rest, KEPT))
    return Found(first, len(first) + sum(1 for _ in rest))


def keep_and_tell(
    kind: type[Check], found: Found, *, letter: str, facts: dict[str, Any], **counted: int
) -> None:
    """Write down what a check found and `counted`, and tell managers of what is new in it.

    `letter` names its templates. One that the mail server does not take is written again at the
    next check.
    """
    new = _write_down(kind, found, counted)
    if not new:
        return
    try:
        more = {"new": new[:SHOWN], "more": len(new) - SHOWN, "wrong": found.wrong}
        tell_managers(letter, facts | more)
    except Exception:
        untold = {one.key for one in new}
        told = [one.key for one in found.first if one.key not in untold]
        kind._default_manager.filter(pk=kind.ONLY).update(told=told)
        raise


def tell_managers(name: str, facts: dict[str, Any]) -> None:
    """Write to every manager, in the words of the templates of that name."""
    managers = Artist.objects.in_role(MANAGER)
    letters = [plain_letter(name, facts, to=manager.email) for manager in managers]
    get_connection().send_messages(letters)


@transaction.atomic
def _write_down(kind: type[Check], found: Found, counted: dict[str, int]) -> list[Discrepancy]:
    """Keep what was found, and return what is to be told: it counts as told from now on.

    What is right again is forgotten, so that it is told anew should it go wrong once more.
    """
    kind._default_manager.get_or_create(pk=kind.ONLY)
    check = kind._default_manager.select_for_update().get(pk=kind.ONLY)
    told_before = set(check.told)
    check.at, check.wrong = timezone.now(), found.wrong
    for name, number in counted.items():
        setattr(check, name, number)
    check.sentences = found.sentences
    check.told = [one.key for one in found.first]
    check.save()
    return [one for one in found.first if one.key not in told_before]

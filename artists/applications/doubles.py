"""Possible doubles: applications that may be of one person, and why one may think so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from artists.models import Application, PortfolioLink

COMPARED_MAX = 500
SHOWN_MAX = 10


@dataclass(frozen=True)
class Double:
    """Another application, and what the two have in common."""

    application: Application
    reasons: list[str]


def doubles_of(applications: Iterable[Application]) -> Mapping[UUID, list[Double]]:
    """The possible doubles of each, ten at most, read with three queries however many there are.

    The same network counts within a round alone: schools and cafés are many people's.
    """
    ours = list(applications)
    standing = Application.objects.exclude(state=Application.State.WITHDRAWN)
    alike = Q(email_key__in=[one.email_key for one in ours])
    alike |= Q(name_key__in=[one.name_key for one in ours if one.name_key])
    alike |= Q(
        network__in=[one.network for one in ours if one.network],
        round__in={one.round_id for one in ours},
    )
    found = list(standing.filter(alike).select_related("round").order_by("-pk")[:COMPARED_MAX])
    links = _links_of(ours)
    keys = {key for of_one in links.values() for key in of_one}
    shared = PortfolioLink.objects.filter(key__in=keys, application__in=standing)
    by_link = shared.select_related("application__round").order_by("-pk")[:COMPARED_MAX]
    linked: dict[str, list[Application]] = defaultdict(list)
    for link in by_link:
        linked[link.key].append(link.application)
    return {one.pk: _compare(one, found, links[one.pk], linked) for one in ours}


def _links_of(applications: list[Application]) -> dict[UUID, set[str]]:
    keys: dict[UUID, set[str]] = defaultdict(set)
    for link in PortfolioLink.objects.filter(application__in=applications):
        keys[link.application_id].add(link.key)
    return keys


def _compare(
    one: Application,
    found: list[Application],
    links: set[str],
    linked: Mapping[str, list[Application]],
) -> list[Double]:
    reasons: dict[UUID, list[str]] = defaultdict(list)
    others = {other.pk: other for other in found}
    for other in found:
        if other.email_key == one.email_key:
            reasons[other.pk].append("same e-mail")
        if one.name_key and other.name_key == one.name_key:
            reasons[other.pk].append("same name")
        if one.network and other.network == one.network and other.round_id == one.round_id:
            reasons[other.pk].append("same network")
    for key in sorted(links):
        for other in linked.get(key, []):
            others[other.pk] = other
            reasons[other.pk].append(f"same link {key}")
    reasons.pop(one.pk, None)
    by_weight = sorted(reasons.items(), key=lambda pair: -len(pair[1]))
    return [Double(others[pk], why) for pk, why in by_weight[:SHOWN_MAX]]

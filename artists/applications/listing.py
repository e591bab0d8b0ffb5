"""The queue of applications: filters, orders, and keyset paging through any of them."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from artists.models import Application, Artist, Score
from artists.models.application import ApplicationQuerySet
from portal.paging import cut

PAGE_SIZE = 25


@dataclass(frozen=True)
class Order:
    """By which figure, and whether the highest comes first; the key breaks ties, newest first."""

    label: str
    figure: str
    highest_first: bool


ORDERS = {
    "unread": Order("Fewest readers first", "readers", highest_first=False),
    "best": Order("Highest mean first", "mean_hundredths", highest_first=True),
    "new": Order("Newest first", "", highest_first=True),
}


@dataclass(frozen=True)
class Page:
    """Applications, and the cursor of the page after; an empty cursor ends it."""

    items: list[Application]
    next_cursor: str


def with_figures(applications: ApplicationQuerySet, *, reader: Artist) -> ApplicationQuerySet:
    """With `readers`, the mean of all points in hundredths (0 unread), and `is_read_by_me`.

    To who reads and does not decide, the mean of what they have yet to score counts as 0: neither
    the order nor a cursor says what others think of it.
    """
    scores = Score.objects.filter(application=OuterRef("pk")).order_by().values("application")
    mean = _figure(scores.annotate(figure=Sum("points") * 100 / Count("pk")))
    is_read = Exists(Score.objects.filter(application=OuterRef("pk"), reader=reader))
    if not reader.has_perm("artists.decide_application"):
        mean = Case(When(is_read, then=mean), default=Value(0))
    return applications.annotate(
        readers=_figure(scores.annotate(figure=Count("reader", distinct=True))),
        mean_hundredths=mean,
        is_read_by_me=is_read,
    )


def page_after(applications: ApplicationQuerySet, *, order: Order, cursor: str) -> Page:
    """One page in an order; a cursor that no page has given out counts as none."""
    if order.figure:
        direction = "-" if order.highest_first else ""
        ordered = applications.order_by(f"{direction}{order.figure}", "-pk")
    else:
        ordered = applications.order_by("-pk")
    after = _after(order, cursor)
    items, has_more = cut(ordered.filter(after) if after else ordered, size=PAGE_SIZE)
    return Page(items, _cursor_at(items[-1], order) if has_more else "")


def _figure(rows: models.QuerySet) -> "Coalesce | Case":
    figure = Subquery(rows.values("figure"), output_field=models.IntegerField())
    return Coalesce(figure, Value(0))


def _cursor_at(last: Application, order: Order) -> str:
    figure = getattr(last, order.figure) if order.figure else 0
    return f"{figure}_{last.pk}"


def _after(order: Order, cursor: str) -> Q | None:
    figure, _, key = cursor.partition("_")
    try:
        value, pk = int(figure), UUID(key)
    except ValueError:
        return None
    if not 0 <= value < 2**31:
        return None
    later = Q(pk__lt=pk)
    if not order.figure:
        return later
    beyond = Q(**{f"{order.figure}__{'lt' if order.highest_first else 'gt'}": value})
    return beyond | Q(**{order.figure: value}) & later

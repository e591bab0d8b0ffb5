"""Keyset paging of the lists: a page begins after the last row of the one before."""

from django.db.models import Model, Q, QuerySet

from portal.paging import Page, Row, cut, read_key

PAGE_SIZE = 50


def page_of(rows: QuerySet[Row], *, by: str, after: str) -> Page[Row]:
    """One page in the order of a field, as `-finished_at`, and of the key among equals.

    `after` is the key of the row that it begins after; what is no such row's is the first page.
    """
    field, sign = by.removeprefix("-"), "-" if by.startswith("-") else ""
    rows = rows.filter(_later(rows.model, field, "lt" if sign else "gt", after))
    items, has_more = cut(rows.order_by(by, f"{sign}pk"), size=PAGE_SIZE)
    return Page(items, str(items[-1].pk) if has_more else "")


def _later(model: type[Model], field: str, side: str, after: str) -> Q:
    """The rows that come later, in terms that use an index of the field and the key."""
    key = read_key(model, after)
    last = model._default_manager.filter(pk=key).values_list(field, flat=True) if key else []
    value = next(iter(last), None)
    if value is None:
        return Q()
    further = Q(**{f"{field}__{side}": value}) | Q(**{f"pk__{side}": key})
    return Q(**{f"{field}__{side}e": value}) & further

"""What `manage.py migrate` and `up` say before anything is written beside tables set aside."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from portal.backups import database

CUT_SHORT = (
    "a restore was cut short, and the database of before is set aside: run manage.py restore "
    "again, with --over, before anything else."
)


@register(Tags.database)
def check_restore(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Find what a killed restore has left; asked where Django may ask the database."""
    if not databases or not database.is_cut_short():
        return []
    return [Error(CUT_SHORT.capitalize(), id="backups.E001")]

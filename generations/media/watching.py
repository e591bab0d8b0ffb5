"""The check of rows and files, once a day: what it finds is logged, kept, and told to managers."""

import logging

from django.conf import settings

from artists.alarms import keep_and_tell, read
from generations.links import absolute
from generations.media.agreement import compared
from generations.models import FilesCheck
from portal.clock import programme_day, programme_time

logger = logging.getLogger(__name__)


def check_once_a_day() -> bool:
    """Check, if nobody has today. Each file's hash is worked out within FILES_REREAD_DAYS.

    So much is read in a night: one slice, and those of nights that were missed; and whatever was
    changed at the last check, until it is mended.
    """
    if not FilesCheck.claim():
        return False
    try:
        _check(FilesCheck.last())
    finally:
        FilesCheck.give_back()
    return True


def _check(last: FilesCheck) -> None:
    days = settings.FILES_REREAD_DAYS
    with compared() as agreement:
        found = read(
            agreement.findings(days=days, slices=_slices(last, days=days), again=last.told)
        )
        if found.wrong:
            sentences = "; ".join(found.sentences)
            logger.critical("rows and files disagree in %d places: %s", found.wrong, sentences)
        keep_and_tell(
            FilesCheck,
            found,
            letter="generations/mail/files_alarm",
            facts={"files_url": absolute("generations:files")},
            files=agreement.files,
            read_again=agreement.read_again,
        )


def _slices(last: FilesCheck, *, days: int) -> set[int]:
    """The slices of the days since the last check, today's among them."""
    today = programme_day().toordinal()
    since = programme_time(last.at).date().toordinal() if last.at else today - 1
    return {day % days for day in range(max(since + 1, today - days + 1), today + 1)} | {
        today % days
    }

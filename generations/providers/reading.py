"""What may be kept of a provider's answer: it is checked, bounded, and never our credential."""

import math
import re

from generations.providers.base import Account

DELIVERY_ID_MAX_CHARACTERS = 200  # as generations.models.Callback keeps it

_JOB_ID = re.compile(r"[\x21-\x7e]{1,1024}")  # LiteLLM's ids are long
_WORD = re.compile(r"[A-Za-z0-9_. -]{1,64}")


def job_id(value: object) -> str:
    """A job's id if it can be kept and put into an address, else nothing."""
    if not isinstance(value, str) or not _JOB_ID.fullmatch(value) or value in (".", ".."):
        return ""
    return value


def delivery_id(value: object) -> str:
    """A callback's id if it can be kept, else nothing."""
    found = job_id(value)
    return found if len(found) <= DELIVERY_ID_MAX_CHARACTERS else ""


def word(value: object, account: Account) -> str:
    """A native word that can be kept and shown: short, plain, and not our credential (I2)."""
    if not isinstance(value, str) or not _WORD.fullmatch(value) or account.key in value:
        return ""
    return value


def number(value: object) -> float:
    """A finite number of JSON as it is, anything else as 0: NaN and 1e999 are JSON to Python."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(value)


def per_cent(value: object) -> int:
    return min(max(int(number(value)), 0), 100)

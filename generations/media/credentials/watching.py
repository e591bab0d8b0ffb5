"""Watching the certificates: managers are told before they end, when signing would fail."""

import logging
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache

from artists.alarms import tell_managers
from generations.media.credentials.errors import BadIdentity
from generations.media.credentials.identity import current_identity

TOLD_ON_DAYS = (30, 14, 7, 3, 2, 1)  # before the end, and every day once nothing can be signed
REMEMBERED_SECONDS = 60 * 86_400

logger = logging.getLogger(__name__)


def watch() -> None:
    """Tell the managers, once for each of those days, what ends or does not fit.

    A letter that the mail server does not take is tried again at the next look.
    """
    try:
        identity = current_identity()
        if identity.key is not None:
            identity.read_key()
    except BadIdentity as exc:
        logger.critical("nothing can be signed: %s", exc)
        _tell_once(f"broken:{datetime.now(UTC):%Y-%m-%d}", {"trouble": str(exc)})
        return
    left = (identity.ends_at - datetime.now(UTC)).days
    due = [days for days in TOLD_ON_DAYS if left < days]
    if due:
        logger.warning("a certificate that signs files ends in %d days", left)
        _tell_once(f"{identity.sha256}:{min(due)}", {"days": left, "ends_at": identity.ends_at})


def _tell_once(occasion: str, facts: dict[str, Any]) -> None:
    key = f"certificates-told:{occasion}"
    if not cache.add(key, True, REMEMBERED_SECONDS):
        return
    try:
        tell_managers("generations/mail/certificates", facts)
    except Exception:
        cache.delete(key)
        raise

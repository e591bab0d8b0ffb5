"""What no log may hold."""

import logging
import re

SECRETS = re.compile(
    r"(/hooks/[^/\s]+/[^/\s]+/|/invitations/|/application/|/accounts/password/reset/key/)[^/?\s]+"
)


class WithoutSecrets(logging.Filter):
    """Cut the secrets out of addresses: a callback's, an invitation's, an application's, and that
    of a link to set a new password.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRETS.sub(r"\1…", record.getMessage()), ()
        return True

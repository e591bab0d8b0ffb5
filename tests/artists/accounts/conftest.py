import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.urls import reverse

from artists.admissions.services import invite
from artists.models import Cohort

PASSWORD = "a boat of paper 7"


@pytest.fixture
def invitation_link(cohort: Cohort) -> str:
    """The path of a link that invites new@example.org into the cohort."""
    _, secret = invite(email="new@example.org", cohort=cohort, invited_by=None)
    return reverse("artists:invitation", args=[secret])


@pytest.fixture
def answers() -> dict[str, str]:
    """What the invited person enters into the sign-up form."""
    return {"credit_name": "Nora", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def mailed_code() -> Callable[[], str]:
    """Read the code out of the newest mail."""

    def read() -> str:
        found = re.search(r"^ {4}(\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
        assert found, mail.outbox[-1].body
        return found[1]

    return read

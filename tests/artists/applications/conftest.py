import pytest

from artists.models import Application, Cohort, Round
from tests.artists.applications.rows import make_application, make_round


@pytest.fixture
def open_round(cohort: Cohort) -> Round:
    """Open now, with two places."""
    return make_round(cohort)


@pytest.fixture
def application(open_round: Round) -> Application:
    """Nora's."""
    return make_application(open_round)

"""The runner of the tests: what it makes of failures and gaps."""

from tests.services.packages import Program, install_missing
from tests.services.run import BROWSER, SERVERS, SQLITE, Report


def test_a_gap_is_named_with_its_reason_and_fails_only_where_none_may_be():
    report = Report()

    report.add_gap(BROWSER, "chromium: it is not installed")

    assert report.gaps == ["NOT RUN: browser: chromium: it is not installed"]
    assert report.exit_code(may_have_gaps=True) == 0
    assert report.exit_code(may_have_gaps=False) == 1


def test_a_leg_that_failed_or_ran_no_test_fails_the_run():
    report = Report()

    report.add(SQLITE, exit_code=0)
    report.add(SERVERS, exit_code=5)

    assert report.outcomes == [
        "SQLite: passed",
        "PostgreSQL and Redis: FAILED (pytest ended with 5)",
    ]
    assert report.exit_code(may_have_gaps=True) == 1


def test_a_program_that_cannot_be_installed_is_missing_for_a_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    unknown = Program("greenroom-has-no-such-package", ("greenroom-has-no-such-program",))

    missing = install_missing([unknown])

    assert missing == {unknown: "it is not installed, and this is neither Debian nor Ubuntu"}

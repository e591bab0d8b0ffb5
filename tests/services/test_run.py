"""The runner of the tests: what it makes of failures and gaps."""

import subprocess
import sys

from tests.services.packages import Program, install_missing
from tests.services.run import BROWSER, ROOT, SERVERS, SQLITE, Leg, Report, run_planned


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


def test_the_next_leg_begins_where_one_has_ended(capfd):
    options = {"first": "--version", "second": "--no-such-option", "third": "--version"}
    legs = [Leg(name, (option,)) for name, option in options.items()]
    report = Report()

    run_planned([(leg, {}) for leg in legs], report)

    assert sorted(report.outcomes) == [
        "first: passed",
        "second: FAILED (pytest ended with 4)",
        "third: passed",
    ]
    said = capfd.readouterr().out
    assert all(f"=== {leg.name} ===" in said for leg in legs)


def test_a_program_that_cannot_be_installed_is_missing_for_a_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    unknown = Program("greenroom-has-no-such-package", ("greenroom-has-no-such-program",))

    missing = install_missing([unknown])

    assert missing == {unknown: "it is not installed, and this is neither Debian nor Ubuntu"}


def test_on_servers_what_meets_none_is_left_out():
    rooms = ("test_audit.py", "test_cache.py", "test_money.py")

    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "--on-servers"]
        + [f"tests/portal/{room}" for room in rooms],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    kept = {line.partition("::")[0] for line in found.stdout.splitlines() if "::" in line}
    assert kept == {"tests/portal/test_audit.py", "tests/portal/test_cache.py"}

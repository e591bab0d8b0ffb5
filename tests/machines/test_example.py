"""The example of docs/running, read as systemd and nginx read it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse

from portal.queues import WORKERS, Worker
from tests.machines.example import EXAMPLE, UNITS, Example, bin_folder, read_environment, read_unit
from tests.services.portal import ROOT

SERVICES = sorted(path.name for path in UNITS.glob("greenroom-*.service"))
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("worker", WORKERS, ids=lambda worker: worker.name)
def test_each_worker_has_a_unit_with_the_queues_and_threads_of_manage_py_up(worker: Worker) -> None:
    (command,) = read_unit(f"greenroom-{worker.name}.service")["ExecStart"]

    assert " ".join(worker.options()) in " ".join(command.split())


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_may_do_little_and_reads_its_secrets_from_a_file(name: str) -> None:
    entries = read_unit(name)

    assert entries["NoNewPrivileges"] == entries["PrivateTmp"] == ["yes"]
    assert entries["ProtectSystem"] == ["strict"]
    assert entries["CapabilityBoundingSet"] == [""]
    assert entries["EnvironmentFile"] == ["/etc/greenroom/greenroom.env"]
    assert entries["UMask"] == ["0027"]
    assert entries["Type" if name == "greenroom-migrate.service" else "Restart"] in (
        ["oneshot"],
        ["always"],
    )


def test_a_worker_is_told_to_stop_and_the_child_that_makes_its_clip_is_not() -> None:
    """A child that ends by a signal is taken for one that met a bad clip."""
    assert read_unit("greenroom-media.service")["KillMode"] == ["mixed"]


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "greenroom.env").touch()
    places = {"/opt/greenroom/.venv/bin": bin_folder(), "/opt/greenroom": str(ROOT)}
    example = Example(tmp_path, places)
    for path in tmp_path.rglob("*.*"):
        if path.is_file():
            path.write_text(example.placed(path.read_text()))
    (tmp_path / "greenroom-web@.service").rename(tmp_path / "greenroom-web@8001.service")
    names = ["greenroom.target", *sorted(path.name for path in tmp_path.glob("*.service"))]

    checked = subprocess.run(
        [program, "verify", "--man=no", *names],
        cwd=tmp_path,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )

    complaints = [line for line in checked.stderr.splitlines() if "greenroom" in line]
    assert (checked.returncode, complaints) == (0, [])


def test_nginx_takes_as_much_as_the_portal_and_little_more() -> None:
    said = (EXAMPLE / "nginx.conf").read_text()
    limit, of_verify = re.findall(r"client_max_body_size (\d+)m;", said)

    assert int(of_verify) * 1024 * 1024 > settings.VERIFY_MAX_BYTES
    assert settings.BODY_MAX_BYTES <= int(limit) * MEGABYTE <= settings.BODY_MAX_BYTES * 1.1


def test_nginx_logs_no_address_in_which_a_secret_stands() -> None:
    nginx = (EXAMPLE / "nginx.conf").read_text()
    unlogged = re.findall(r"location ~ (\S+) \{\s+access_log off;", nginx)
    addresses = [
        reverse("callback", args=["fal", UUID(int=1), "secret"]),
        reverse("artists:invitation", args=["secret"]),
        reverse("artists:my_application", args=["secret"]),
        reverse("artists:withdraw_application", args=["secret"]),
        reverse("account_reset_password_from_key", args=["1", "secret"]),
    ]

    (of_secrets,) = unlogged
    assert [one for one in addresses if not re.match(of_secrets, one)] == []
    assert not re.match(of_secrets, reverse("artists:apply"))


def test_the_ports_of_nginx_are_those_of_the_units_and_the_folders_agree() -> None:
    nginx = (EXAMPLE / "nginx.conf").read_text()
    environment = read_environment(EXAMPLE / "greenroom.env")
    ports = re.findall(r"server 127\.0\.0\.1:(\d+)", nginx)
    unit = (UNITS / "greenroom-web@.service").read_text()

    assert " ".join(f"greenroom-web@{port}" for port in ports) in unit
    assert f"location {environment['GREENROOM_DELIVERY']}/ {{" in nginx
    assert f"alias {environment['GREENROOM_MEDIA']}/;" in nginx

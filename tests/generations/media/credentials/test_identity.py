"""Who signs: the development chain, certificates by path, and what is told when they do not fit."""

import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.core.checks import run_checks

from generations.media.credentials.development import ensure_chain
from generations.media.credentials.errors import BadIdentity
from generations.media.credentials.identity import current_identity, roots_pem
from tests.generations.media.credentials.chains import write_chain


def complaints() -> list[str]:
    return [f"{one.id} {one.msg}" for one in run_checks(tags=["startup"])]


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.C2PA_FOLDER = tmp_path / "credentials"
    return tmp_path


def test_a_portal_that_was_given_nothing_makes_a_chain_once_for_itself_alone(
    own_folder: Path,
) -> None:
    first = current_identity()

    files = sorted((own_folder / "credentials").iterdir())
    assert [one.name for one in files] == ["chain.pem", "key.pem"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    assert stat.S_IMODE((own_folder / "credentials").stat().st_mode) == 0o700
    assert current_identity().sha256 == first.sha256
    assert first.algorithm == "es256"
    assert b"PRIVATE KEY" not in (own_folder / "credentials" / "chain.pem").read_bytes()
    assert complaints() == []


def test_processes_that_begin_together_agree_on_one_chain(tmp_path: Path) -> None:
    folder, together = tmp_path / "credentials", threading.Barrier(8)

    def begin() -> None:
        together.wait()
        ensure_chain(folder, organization="Spring")

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [one.name for one in tmp_path.iterdir()] == ["credentials"]
    assert len(list(folder.iterdir())) == 2


def test_certificates_and_key_come_by_path(settings: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, settings)

    identity = current_identity()

    assert identity.subject == "CN=Clips of the studio,O=Studio"
    assert identity.algorithm == "es384"
    assert "PRIVATE KEY" in identity.read_key().decode()
    assert complaints() == []


def test_roots_of_before_stay_known(settings: Any, tmp_path: Path) -> None:
    old, _ = write_chain(tmp_path, settings)
    settings.C2PA_OLD_ROOTS = str(old)
    (tmp_path / "new").mkdir()
    write_chain(tmp_path / "new", settings)

    assert roots_pem().count("BEGIN CERTIFICATE") == 3


def test_a_path_that_is_not_there_is_named_with_what_to_set(settings: Any, tmp_path: Path) -> None:
    settings.C2PA_CHAIN, settings.C2PA_KEY = str(tmp_path / "gone.pem"), "key.pem"

    [told] = complaints()

    assert told.startswith("credentials.E001")
    assert f"{tmp_path}/gone.pem cannot be read (No such file or directory)" in told
    assert "GREENROOM_C2PA_CHAIN" in told


def test_a_key_of_another_certificate_is_told_and_not_shown(settings: Any, tmp_path: Path) -> None:
    _, key = write_chain(tmp_path, settings)
    (tmp_path / "other").mkdir()
    chain, _ = write_chain(tmp_path / "other", settings)
    settings.C2PA_CHAIN, settings.C2PA_KEY = str(chain), str(key)

    [told] = complaints()

    assert "is not that of the first certificate" in told
    assert key.read_text().split("\n")[1] not in told


@pytest.mark.parametrize(
    ("begins_days", "lasts_days", "words"),
    [(-100, 90, "alone; get a new one"), (10, 90, "alone; get a new one")],
)
def test_a_certificate_out_of_its_time_signs_nothing(
    begins_days: int, lasts_days: int, words: str, settings: Any, tmp_path: Path
) -> None:
    write_chain(tmp_path, settings, begins_days=begins_days, lasts_days=lasts_days)

    with pytest.raises(BadIdentity, match=words):
        current_identity()


def test_a_certificate_for_servers_is_refused(settings: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, settings, purpose=ExtendedKeyUsageOID.SERVER_AUTH)

    assert "must be for e-mail protection" in complaints()[0]


def test_the_last_thirty_days_are_told(settings: Any, tmp_path: Path) -> None:
    write_chain(tmp_path, settings, lasts_days=30)

    assert complaints() == ["credentials.W001 A certificate that signs files ends in 28 days."]


def test_a_key_that_others_may_read_is_told(settings: Any, tmp_path: Path) -> None:
    _, key = write_chain(tmp_path, settings)
    key.chmod(0o644)

    assert [one.partition(" ")[0] for one in complaints()] == ["credentials.W002"]


def test_certificates_in_another_order_are_told(settings: Any, tmp_path: Path) -> None:
    chain, _ = write_chain(tmp_path, settings)
    leaf, root = chain.read_text().split("-----END CERTIFICATE-----\n")[:2]
    end = "-----END CERTIFICATE-----\n"
    chain.write_text(root + end + leaf + end)

    assert "was not issued by the next" in complaints()[0]


def test_a_folder_that_cannot_be_written_is_told(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.C2PA_FOLDER = tmp_path / "file" / "credentials"

    assert f"cannot be kept in {os.fspath(settings.C2PA_FOLDER)}" in complaints()[0]

"""A stranger's server behind TLS, which keeps what it hears: a receiver of webhooks, or a CDN."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.emulators.served import served


@dataclass
class Receiver:
    """Reached as `https://name:port`, by whoever has its certificate among the `trusted`."""

    certificate: Path
    trusted: ssl.SSLContext
    name: str
    port: int = 0
    heard: list[httpx.Request] = field(default_factory=list)
    slow_paths: dict[str, float] = field(default_factory=dict)  # seconds before the answer
    _answer: httpx.Response | None = None

    def url(self, path: str = "/hook") -> str:
        return f"https://{self.name}:{self.port}{path}"

    def answers(self, status: int, *, headers: dict[str, str] | None = None) -> None:
        self._answer = httpx.Response(status, headers=headers or {})

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        time.sleep(self.slow_paths.get(request.url.path, 0))
        return self._answer or httpx.Response(204)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path, name="hooks.example") as receiver:
        yield receiver


@contextmanager
def receiving(folder: Path, *, name: str) -> Iterator[Receiver]:
    """Serve a receiver on a free port of this machine, with a certificate of that name."""
    certificate = _write_certificate(folder / "receiver.pem", name=name)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=str(certificate))
    receiver = Receiver(certificate, trusted, name=name)
    with served(receiver, base="", tls=serving) as url:
        receiver.port = httpx.URL(url).port or 443
        yield receiver


def _write_certificate(path: Path, *, name: str) -> Path:
    """A key and the certificate that it signed for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    return path

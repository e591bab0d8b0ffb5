"""The certificates of a portal that was given none: a chain of its own, made once.

Root, issuing authority and signing certificate, all on the curve P-256. The keys of both
authorities are thrown away as soon as they have signed, so that nobody issues another certificate
by them. Readers elsewhere do not know the root, and call what it signed untrusted.
"""

import os
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CHAIN, KEY = "chain.pem", "key.pem"
AUTHORITY_YEARS, SIGNER_YEARS = 10, 3
MAX_NAME_CHARS = 60  # X.520 takes 64


def ensure_chain(folder: Path, *, organization: str) -> None:
    """Make the chain in a folder that is not there yet, whole or not at all.

    Of several processes that begin together one makes it, and all use that one. Files have mode
    0600. Raises OSError.
    """
    if folder.is_dir():
        return
    made = folder.with_name(f"{folder.name}.{secrets.token_hex(8)}")
    made.mkdir(mode=0o700, parents=True)
    try:
        chain, key = _make(organization)
        _write(made / CHAIN, b"".join(one.public_bytes(Encoding.PEM) for one in chain))
        unlocked = NoEncryption()
        _write(made / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, unlocked))
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make(organization: str) -> tuple[list[x509.Certificate], ec.EllipticCurvePrivateKey]:
    """Return the chain, the signing certificate first and the root last, and the signing key."""
    root_key, issuer_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    names = {
        who: _name(organization, f"{organization} {title}"[:MAX_NAME_CHARS])
        for who, title in (
            ("root", "development root"),
            ("issuer", "development authority"),
            ("leaf", "clips"),
        )
    }
    root = _certify(names["root"], root_key, by=names["root"], with_key=root_key, path=1)
    issuer = _certify(names["issuer"], issuer_key, by=names["root"], with_key=root_key, path=0)
    leaf = _certify(names["leaf"], key, by=names["issuer"], with_key=issuer_key)
    return [leaf, issuer, root], key


def _name(organization: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:MAX_NAME_CHARS]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certify(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    by: x509.Name,
    with_key: ec.EllipticCurvePrivateKey,
    path: int | None = None,
) -> x509.Certificate:
    """Certify a key: for an authority, whose `path` says how many may stand below it, or a signer.

    A signer's certificate is as C2PA 2.2, section 14.5.1 wants it.
    """
    is_authority = path is not None
    years = AUTHORITY_YEARS if is_authority else SIGNER_YEARS
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # clocks of readers may be behind
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(is_authority, path), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(with_key.public_key()),
            critical=False,
        )
        .add_extension(_usage(is_authority), critical=True)
    )
    if not is_authority:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(purposes, critical=False)
    return builder.sign(with_key, SHA256())


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )

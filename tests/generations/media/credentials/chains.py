"""Certificates of every kind for the tests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from generations.media.credentials import development

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")


def write_chain(
    folder: Path,
    settings: Any,
    *,
    begins_days: int = -1,
    lasts_days: int = 400,
    purpose: ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    holder: str = "Studio",
) -> tuple[Path, Path]:
    """Write the certificate of a studio and its key; set them as the portal's; return the files."""
    made, _ = development._make("Studio")
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
    root = development._certify(
        _name("Root"), root_key, by=_name("Root"), with_key=root_key, path=1
    )
    begins = datetime.now(UTC) + timedelta(days=begins_days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("Clips of the studio", holder))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=lasts_days))
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    )
    for extension in made[0].extensions:
        if not isinstance(
            extension.value,
            x509.ExtendedKeyUsage | x509.SubjectKeyIdentifier | x509.AuthorityKeyIdentifier,
        ):
            builder = builder.add_extension(extension.value, extension.critical)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = builder.add_extension(identifier, critical=False).sign(root_key, SHA256())
    chain, key_file = folder / "studio.pem", folder / "studio-key.pem"
    chain.write_bytes(leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key_file.chmod(0o600)
    settings.C2PA_CHAIN, settings.C2PA_KEY = str(chain), str(key_file)
    return chain, key_file


def _name(common: str, organization: str = "Studio") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )

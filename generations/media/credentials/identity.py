"""Who signs: the certificates of the programme, and the key that goes with them.

Read anew for each use, so that new ones hold without a restart and nothing that was made before a
fork is used after it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from django.conf import settings

from generations.media.credentials.context import PURPOSES
from generations.media.credentials.development import CHAIN, KEY, ensure_chain
from generations.media.credentials.errors import BadIdentity

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Identity:
    """The signing certificate first, its root last; the key's file, or a command that signs."""

    certificates: tuple[x509.Certificate, ...]
    key: Path | None
    command: str

    @property
    def leaf(self) -> x509.Certificate:
        return self.certificates[0]

    @property
    def chain_pem(self) -> str:
        """What goes into a file: all but the root, which a reader must know by itself."""
        return _pem(self.certificates[:-1])

    @property
    def root_pem(self) -> str:
        return _pem(self.certificates[-1:])

    @property
    def algorithm(self) -> str:
        """The name of the signature's algorithm in C2PA."""
        match self.leaf.public_key():
            case ec.EllipticCurvePublicKey(curve=ec.SECP256R1()):
                return "es256"
            case ec.EllipticCurvePublicKey(curve=ec.SECP384R1()):
                return "es384"
            case ed25519.Ed25519PublicKey():
                return "ed25519"
            case rsa.RSAPublicKey():
                return "ps256"
        raise BadIdentity("the key must be of P-256, P-384, Ed25519 or RSA.")

    @property
    def subject(self) -> str:
        return self.leaf.subject.rfc4514_string()

    @property
    def sha256(self) -> str:
        """The fingerprint of the signing certificate."""
        return self.leaf.fingerprint(SHA256()).hex()

    @property
    def ends_at(self) -> datetime:
        """When the first of the certificates ends."""
        return min(one.not_valid_after_utc for one in self.certificates)

    @property
    def ends_soon(self) -> bool:
        return self.ends_at - datetime.now(UTC) < SOON

    @property
    def is_development(self) -> bool:
        return not settings.C2PA_CHAIN

    def read_key(self) -> bytes:
        """Return the private key in PEM. Raises BadIdentity unless it is the certificate's."""
        if self.key is None:
            raise BadIdentity("the key is with an outside signer.")
        content = _read(self.key, setting="GREENROOM_C2PA_KEY")
        try:
            key = load_pem_private_key(content, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise BadIdentity(
                f"{self.key} holds no private key in PEM without a password; "
                "check GREENROOM_C2PA_KEY."
            ) from None
        if key.public_key() != self.leaf.public_key():
            raise BadIdentity(
                f"the key {self.key} is not that of the first certificate of "
                "GREENROOM_C2PA_CHAIN; set both to what belongs together."
            )
        return content


def current_identity() -> Identity:
    """Return who signs now; the first time, where none is given, the development chain is made.

    Raises BadIdentity, saying what to set, where the certificates do not fit. The key is not read.
    """
    if settings.C2PA_CHAIN:
        chain = Path(settings.C2PA_CHAIN)
        key = Path(settings.C2PA_KEY) if settings.C2PA_KEY else None
    else:
        chain, key = settings.C2PA_FOLDER / CHAIN, settings.C2PA_FOLDER / KEY
        try:
            ensure_chain(settings.C2PA_FOLDER, organization=settings.PROGRAMME_NAME)
        except OSError as exc:
            raise BadIdentity(
                f"the development certificates cannot be kept in {settings.C2PA_FOLDER} "
                f"({exc.strerror}); make it writable, or set GREENROOM_C2PA_CHAIN."
            ) from exc
    identity = Identity(_read_certificates(chain), key, settings.C2PA_SIGNER)
    _ensure_chain_holds(identity)
    return identity


def roots_pem() -> str:
    """Return every root that is the programme's: the one of now, and those of before."""
    return current_identity().root_pem + _pem(_certificates_of_before())


def holders() -> set[str]:
    """Return whose certificates under those roots are ours: an authority certifies others too."""
    return {holder_of(one) for one in (current_identity().leaf, *_certificates_of_before())} - {""}


def holder_of(certificate: x509.Certificate) -> str:
    """Return the organization that a certificate names; its common name where it names none."""
    subject = certificate.subject
    names = subject.get_attributes_for_oid(
        NameOID.ORGANIZATION_NAME
    ) or subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[-1].value) if names else ""


def _certificates_of_before() -> tuple[x509.Certificate, ...]:
    old = settings.C2PA_OLD_ROOTS
    return _read_certificates(Path(old), setting="GREENROOM_C2PA_OLD_ROOTS") if old else ()


def _read_certificates(
    path: Path, *, setting: str = "GREENROOM_C2PA_CHAIN"
) -> tuple[x509.Certificate, ...]:
    content = _read(path, setting=setting)
    try:
        return tuple(x509.load_pem_x509_certificates(content))
    except ValueError as exc:
        raise BadIdentity(f"{path} holds no certificates in PEM; check {setting}.") from exc


def _read(path: Path, *, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise BadIdentity(f"{path} cannot be read ({exc.strerror}); check {setting}.") from exc


def _ensure_chain_holds(identity: Identity) -> None:
    """Raise BadIdentity for what signing would refuse, or what no reader would trust."""
    chain = identity.certificates
    if len(chain) < 2:
        raise BadIdentity(
            "GREENROOM_C2PA_CHAIN must hold the signing certificate first and its root last."
        )
    for certificate, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            raise BadIdentity(
                f"the certificate {certificate.subject.rfc4514_string()} was not issued by the "
                "next of GREENROOM_C2PA_CHAIN; the signing one comes first, the root last."
            ) from None
    now = datetime.now(UTC)
    for certificate in chain:
        if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
            raise BadIdentity(
                f"the certificate {certificate.subject.rfc4514_string()} is valid from "
                f"{certificate.not_valid_before_utc:%Y-%m-%d} to "
                f"{certificate.not_valid_after_utc:%Y-%m-%d} alone; get a new one."
            )
    if not set(PURPOSES) & set(_purposes(identity.leaf)):
        raise BadIdentity(
            "the signing certificate must be for e-mail protection, document signing or C2PA's "
            "claim signing (extended key usage)."
        )
    _ = identity.algorithm


def _purposes(certificate: x509.Certificate) -> list[str]:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        return [one.dotted_string for one in usage]
    except x509.ExtensionNotFound:
        return []


def _pem(certificates: tuple[x509.Certificate, ...]) -> str:
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates)

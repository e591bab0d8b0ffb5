"""What a token looks like: `grm_`, 30 random letters and digits, a checksum of 6 (I11).

30 of 62 signs are 178 random bits, so a plain SHA-256 is enough to keep it by. The checksum
refuses a typing error without a look into the database, and lets secret scanners tell a token from
any other text.
"""

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "grm_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
ISSUED = re.compile(r"[A-Za-z0-9_-]{86}")  # to programs by allauth: 64 random bytes in base64
SHAPE = re.compile(r"grm_[0-9A-Za-z]{36}")
CHECKSUM_LENGTH = 6


def mint() -> str:
    """Return a new token."""
    body = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(30))
    return body + _checksum(body)


def parse(text: str) -> str | None:
    """Return the SHA-256 that a token is kept by; None if the text cannot be a token."""
    if ISSUED.fullmatch(text):
        return digest(text)
    if not SHAPE.fullmatch(text) or _checksum(text[:-CHECKSUM_LENGTH]) != text[-CHECKSUM_LENGTH:]:
        return None
    return digest(text)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _checksum(body: str) -> str:
    """Return the CRC-32 of the text in base 62."""
    rest, signs = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(ALPHABET))
        signs = ALPHABET[digit] + signs
    return signs

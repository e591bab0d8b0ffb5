"""What the C2PA library signs and reads under. Free of Django, for a confined child loads it."""

from typing import Any

# Extended key usages of certificates that sign claims: e-mail protection, document signing
# (RFC 9336), and C2PA's own claim signing.
PURPOSES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")


def c2pa_context(roots_pem: str) -> Any:
    """Return a context in which nothing is fetched and these roots alone are trusted.

    To be made for each use: one that was made before a fork is dead after it.
    """
    from c2pa import Context  # 50 MB of library, for those processes alone that sign or read

    return Context.from_dict(
        {
            "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
            "builder": {"thumbnail": {"enabled": False}},
            "trust": {"trust_anchors": roots_pem, "trust_config": "\n".join(PURPOSES)},
        }
    )

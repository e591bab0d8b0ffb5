"""An outside signer: a command that reads what is to be signed and writes the signature.

It may ask a key store, a hardware module or a service; the key never comes here.
"""

import os
import shlex
import subprocess

from generations.media.credentials.errors import BadIdentity

SECONDS = 20
MAX_SIGNATURE_BYTES = 1024


def split_command(command: str) -> list[str]:
    """Return the words of the command. Raises BadIdentity."""
    try:
        words = shlex.split(command)
    except ValueError as exc:
        raise BadIdentity(f"GREENROOM_C2PA_SIGNER is no command ({exc}).") from exc
    if not words:
        raise BadIdentity("GREENROOM_C2PA_SIGNER is empty.")
    return words


def sign_outside(command: str, data: bytes) -> bytes:
    """Return the signature of `data`: r and s for a curve, as DER or as they are, or RSA-PSS.

    The command has the environment of this process but for the portal's own settings, among them
    the credentials of providers. Raises BadIdentity where it fails, is silent for 20 s or is not
    there.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")
    }
    words = split_command(command)
    try:
        ended = subprocess.run(  # noqa: S603  (a command of whoever runs the portal)
            words, input=data, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise BadIdentity(f"the signer {words[0]} was silent for {SECONDS} seconds.") from exc
    except OSError as exc:
        raise BadIdentity(f"the signer {words[0]} cannot be started ({exc.strerror}).") from exc
    if ended.returncode != 0:
        raise BadIdentity(f"the signer {words[0]} ended with exit code {ended.returncode}.")
    if not 0 < len(ended.stdout) <= MAX_SIGNATURE_BYTES:
        raise BadIdentity(f"the signer {words[0]} wrote {len(ended.stdout)} bytes: no signature.")
    return ended.stdout

"""Reading the Content Credentials of an untrusted file. Runs in the child alone."""

import json
from pathlib import Path
from typing import Any

from c2pa import C2paError, Reader

from generations.media.credentials.context import c2pa_context

SIGNED_UNDER_ROOT = {"signingCredential.trusted", "claimSignature.validated"}
NAME_MAX_CHARS = 200
C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # the UUID of its box in an MP4


def read_credential(path: Path, roots: str) -> dict[str, Any] | None:
    """Return what the newest manifest of a file comes to; None where there is none.

    `is_trusted` says that its claim was signed under one of the roots, `is_whole` that besides
    nothing was changed since, `holder` and `signer` how the certificate calls itself: one that is
    not trusted may say anything. They are empty where the manifest cannot be read.
    """
    try:
        with (
            path.open("rb") as file,
            Reader("video/mp4", file, context=c2pa_context(roots)) as reader,
        ):
            found = json.loads(reader.json())
    except C2paError.ManifestNotFound:
        return None
    except C2paError:
        return _UNREADABLE if C2PA_BOX in path.read_bytes() else None
    results = found.get("validation_results", {}).get("activeManifest", {})
    codes = {one["code"] for one in results.get("success", [])}
    manifest = found.get("manifests", {}).get(found.get("active_manifest"), {})
    signature = manifest.get("signature_info", {})
    common_name, organization = signature.get("common_name"), signature.get("issuer")
    return {
        "is_trusted": codes >= SIGNED_UNDER_ROOT,
        "is_whole": codes >= SIGNED_UNDER_ROOT and found.get("validation_state") == "Trusted",
        "holder": str(organization or common_name or ""),
        "signer": str(common_name or organization or "")[:NAME_MAX_CHARS],
    }


_UNREADABLE = {"is_trusted": False, "is_whole": False, "holder": "", "signer": ""}

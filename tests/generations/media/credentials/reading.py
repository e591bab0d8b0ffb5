"""Two readers of a signed file: the library's own, and one that shares no code with it."""

import json
from pathlib import Path
from typing import Any

import encypher_c2pa
from c2pa import Reader

from generations.media.credentials.context import c2pa_context


def read(content: bytes, tmp_path: Path, *, roots: str) -> dict[str, Any]:
    """What c2pa-rs says: state, failures, the assertions by label, and whose each is."""
    path = tmp_path / "read.mp4"
    path.write_bytes(content)
    with path.open("rb") as file, Reader("video/mp4", file, context=c2pa_context(roots)) as reader:
        found = json.loads(reader.json())
    manifest = found["manifests"][found["active_manifest"]]
    failures = found["validation_results"]["activeManifest"]["failure"]
    return {
        "state": found["validation_state"],
        "failures": [one["code"] for one in failures],
        "assertions": {one["label"]: one["data"] for one in manifest["assertions"]},
        "all_own": all(one.get("created") for one in manifest["assertions"]),
        "title": manifest["title"],
    }


def read_independently(content: bytes, tmp_path: Path, *, roots: str) -> dict[str, Any]:
    """What encypher-c2pa says, which has a core of its own; nothing leaves the machine."""
    path = tmp_path / "independent.mp4"
    path.write_bytes(content)
    found = encypher_c2pa.verify(
        path, trust_pem=roots, telemetry=False, online=False, no_default_trust=True
    )
    return dict(found)

"""The README names every setting."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_stands_in_the_readme() -> None:
    settings = (ROOT / "portal/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*f?"([A-Z_{}a-z]+)"', settings))
    assert len(read) > 30

    documented = (ROOT / "README.md").read_text()

    names = {name.replace("{prefix}", "PROVIDER_NAME") for name in read}
    assert {name for name in names if f"`{name}`" not in documented} == set()

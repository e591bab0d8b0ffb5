"""The example of docs/running, as systemd would start it, at places and ports of a test."""

import os
import shlex
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.services.portal import ROOT
from tests.services.servers import end_with_parent

EXAMPLE = ROOT / "docs/running"
UNITS = EXAMPLE / "systemd"
STOP_SECONDS = 20


def read_unit(name: str) -> dict[str, list[str]]:
    """Return the entries of [Service], those of the drop-in behind the unit's own."""
    entries: dict[str, list[str]] = defaultdict(list)
    for path in (UNITS / name, UNITS / "greenroom-.service.d/common.conf"):
        section = ""
        for line in path.read_text().replace("\\\n", " ").splitlines():
            if line.startswith("["):
                section = line
            elif section == "[Service]" and "=" in line and not line.startswith("#"):
                key, _, value = line.partition("=")
                entries[key].append(value)
    return entries


def read_environment(path: Path) -> dict[str, str]:
    """Read an EnvironmentFile."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


@dataclass
class Example:
    """The processes of one site. `places` says what stands where in the example's texts."""

    folder: Path
    places: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    running: list[psutil.Popen] = field(default_factory=list)

    def placed(self, text: str) -> str:
        for ours, theirs in self.places.items():
            text = text.replace(ours, theirs)
        return text

    def commands(self, unit: str, instance: str = "") -> list[list[str]]:
        """Return the very commands of a unit, as systemd fills in its instance."""
        lines = read_unit(unit)["ExecStart"]
        plain = [line.replace("%i", instance).replace("%%", "%") for line in lines]
        return [shlex.split(self.placed(line)) for line in plain]

    def run(self, unit: str) -> None:
        """Run a oneshot to its end."""
        for command in self.commands(unit):
            subprocess.run(
                command, cwd=ROOT, env=self._process_environment(), check=True, capture_output=True
            )

    def start(self, unit: str, instance: str = "") -> psutil.Popen:
        (command,) = self.commands(unit, instance)
        return self.spawn(command, name=f"{unit}{instance}")

    def spawn(self, command: list[str], *, name: str) -> psutil.Popen:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = psutil.Popen(
                command,
                cwd=ROOT,
                env=self._process_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=end_with_parent,
            )
        self.running.append(process)
        return process

    def kill(self, *processes: psutil.Popen) -> None:
        """Kill them with all that they started, as a machine that dies does."""
        for process in processes:
            for one in [*process.children(recursive=True), process]:
                one.kill()
            process.wait(STOP_SECONDS)
            self.running.remove(process)

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        _, alive = psutil.wait_procs(self.running, timeout=STOP_SECONDS)
        for left in alive:
            os.killpg(left.pid, signal.SIGKILL)

    def logs(self) -> str:
        texts = [(path.name, path.read_text()) for path in sorted(self.folder.glob("*.log"))]
        return "\n".join(f"--- {name}\n{text[-2000:]}" for name, text in texts if text)

    def _process_environment(self) -> dict[str, str]:
        """What systemd gives: little more than the file says."""
        own = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(self.folder)}
        return own | dict(self.environment)


def bin_folder() -> str:
    return str(Path(sys.executable).parent)

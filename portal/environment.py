"""Reads the GREENROOM_… variables; a value that does not fit is told in one sentence."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    def __init__(self) -> None:
        super().__init__()
        self.prefix = "GREENROOM_"
        self.escape_proxy = True  # a leading \$ is a dollar, not the name of a variable

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """Return the value of one variable; raise ImproperlyConfigured when it does not fit."""
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as exc:
            raise ImproperlyConfigured(f"GREENROOM_{var} does not fit: {exc}.") from exc

    def folder(self, var: str, *, default: Path) -> Path:
        """Return the folder that a variable names, made for its owner alone if it is not there."""
        path = Path(self.str(var, default=str(default)))
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise ImproperlyConfigured(
                f"the folder {path} cannot be made ({exc.strerror}); "
                f"set GREENROOM_{var} to one that can."
            ) from exc
        return path

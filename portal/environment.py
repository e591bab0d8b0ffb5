"""Reads the GREENROOM_… variables; a value that does not fit is told in one sentence."""

import base64
import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# A bucket's name, and what every file's key in it begins with.
BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9_./-]*))?", re.ASCII)


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

    def number(self, var: str, *, default: int, least: int, most: int, unit: str = "") -> int:
        """Return a whole number within its bounds."""
        number: int = self.int(var, default=default)
        if not least <= number <= most:
            bounds = f"{least} to {most} {unit}".rstrip()
            raise ImproperlyConfigured(f"GREENROOM_{var} must be from {bounds}.")
        return number

    def one_of(self, var: str, *, default: str, among: Collection[str]) -> str:
        """Return one of the words that a variable may be."""
        word: str = self.str(var, default=default)
        if word not in among:
            raise ImproperlyConfigured(f"GREENROOM_{var} must be one of: {', '.join(among)}.")
        return word

    def address(self, var: str, *, default: str = "") -> str:
        """Return an http(s) address; empty where none is set."""
        url: str = self.str(var, default=default)
        if url and not (url.startswith(("http://", "https://")) and urlsplit(url).hostname):
            raise ImproperlyConfigured(f"GREENROOM_{var} must be an http(s) address.")
        return url

    def key(self, var: str) -> str:
        """Return a credential as a header can carry it; empty where none is set."""
        key: str = self.str(var, default="")
        if not re.fullmatch(r"[!-~]*", key):
            raise ImproperlyConfigured(
                f"GREENROOM_{var} holds a space, a line end or another odd character."
            )
        return key

    def decimal(self, var: str, *, default: Decimal | None = None) -> Decimal | None:
        """Return an amount of zero or more, exactly as it is written."""
        text = self.str(var, default="")
        if not text:
            return default
        try:
            amount = Decimal(text)
        except InvalidOperation as exc:
            raise ImproperlyConfigured(f"GREENROOM_{var} must be a number.") from exc
        if not amount.is_finite() or amount < 0:
            raise ImproperlyConfigured(f"GREENROOM_{var} must be zero or more.")
        return amount

    def networks(self, var: str) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the networks that a variable names, as 10.1.0.0/16."""
        try:
            return tuple(ip_network(one) for one in self.list(var, default=[]))
        except ValueError as exc:
            raise ImproperlyConfigured(
                f"GREENROOM_{var} must be networks as 10.1.0.0/16, comma separated."
            ) from exc

    def mail(self, var: str, *, default: str, folder: Path) -> dict[str, Any]:
        """Return the EMAIL_… settings of the address in a variable.

        `filemail://` stands for files in `folder`.
        """
        try:
            found: dict[str, Any] = self.email_url_config(self.str(var, default=default))
        except ImproperlyConfigured as exc:
            raise ImproperlyConfigured(
                f"set GREENROOM_{var} to smtp+tls://user:password@host:587, "
                "or to filemail:// to keep mails as files."
            ) from exc
        return found | {"EMAIL_FILE_PATH": folder}

    def files(self, var: str, *, default: Path) -> dict[str, Any]:
        """Return the storage of the files: a folder, or s3://bucket/prefix with the S3_… ones."""
        address = self.str(var, default="")
        if address.startswith("s3:"):
            return {"BACKEND": "portal.bucket.Bucket", "OPTIONS": self._bucket(var, address)}
        options: dict[str, Any] = {
            "location": self.folder(var, default=default),
            "base_url": None,  # private: nothing is served by its path
            "file_permissions_mode": 0o640,
        }
        return {"BACKEND": "portal.folder.Folder", "OPTIONS": options}

    def provider(
        self, name: str, *, apis: Collection[str], defaults: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return one provider's account and its API, of the PROVIDER_NAME_… variables.

        A secret of `defaults` is for callbacks of the server at their address alone.
        """
        prefix = f"PROVIDER_{name.upper()}"
        url = self.address(f"{prefix}_URL", default=defaults.get("url", ""))
        key = self.key(f"{prefix}_KEY") or defaults.get("key", "")
        for setting, value in (("URL", url), ("KEY", key)):
            if not value:
                raise ImproperlyConfigured(
                    f"set GREENROOM_{prefix}_{setting}: GREENROOM_PROVIDERS names {name!r}."
                )
        webhook_secret = self.key(f"{prefix}_WEBHOOK_SECRET")
        if not webhook_secret and url == defaults.get("url"):
            webhook_secret = defaults["webhook_secret"]
        if webhook_secret and not is_webhook_secret(webhook_secret):
            raise ImproperlyConfigured(
                f"GREENROOM_{prefix}_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64."
            )
        return {
            "api": self.one_of(f"{prefix}_API", default="openai_videos", among=apis),
            "url": url.rstrip("/"),
            "key": key,
            "webhook_secret": webhook_secret,
            "output_hosts": tuple(self.list(f"{prefix}_OUTPUT_HOSTS", default=[])),
            "credit_price": self.decimal(f"{prefix}_CREDIT_PRICE"),
            "keys_url": self.address(f"{prefix}_KEYS_URL"),
        }

    def _bucket(self, var: str, address: str) -> dict[str, Any]:
        found = BUCKET.fullmatch(address)
        if found is None or ".." in address:
            raise ImproperlyConfigured(
                f"GREENROOM_{var} must be a folder, or s3://bucket or s3://bucket/prefix."
            )
        endpoint = self.str("S3_ENDPOINT", default="").rstrip("/")
        if endpoint and not is_plain_address(endpoint):
            raise ImproperlyConfigured(
                "GREENROOM_S3_ENDPOINT must be an http(s) address without a user or a path."
            )
        return self._s3_keys() | {
            "bucket_name": found[1],
            "location": (found[2] or "").strip("/"),
            "endpoint_url": endpoint or None,
            "region_name": self.str("S3_REGION", default="") or None,
            "default_acl": None,
            "file_overwrite": False,
        }

    def _s3_keys(self) -> dict[str, Any]:
        """Return the credential; nothing where boto3 is to look for it, as for a machine's role."""
        access_key, secret_key = self.key("S3_ACCESS_KEY"), self.key("S3_SECRET_KEY")
        if bool(access_key) != bool(secret_key):
            raise ImproperlyConfigured(
                "set both GREENROOM_S3_ACCESS_KEY and GREENROOM_S3_SECRET_KEY, or neither."
            )
        if not access_key:
            return {}
        return {"access_key": access_key, "secret_key": secret_key, "security_token": None}

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


def is_plain_address(text: str) -> bool:
    """Tell whether it is scheme, host and port of an http(s) address, and nothing else."""
    parts = urlsplit(text)
    is_bare = not (parts.username or parts.password or parts.path or parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and is_bare


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_address(host: str) -> str:
    """Return where this machine itself reaches what listens on a host, as an address's host."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def kept_secret(path: Path) -> str:
    """Return the secret that a file keeps, made with it at the first start (mode 0600)."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def derived_webhook_secret(text: str) -> str:
    """Return a secret of Standard Webhooks that whoever knows the text makes too."""
    return f"whsec_{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def is_webhook_secret(text: str) -> bool:
    """Tell whether it is a secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64."""
    prefix, encoded = text[:6], text[6:]
    try:
        secret = base64.b64decode(encoded, validate=True)
    except ValueError:
        return False
    return prefix == "whsec_" and 24 <= len(secret) <= 64

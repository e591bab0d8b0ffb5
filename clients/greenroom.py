#!/usr/bin/env python3
"""Greenroom at the command line: sign in by device code, make a video, wait, download it.

One file, Python 3.11 and nothing else. It keeps no long-lived key: what the portal gives it ends in
a quarter of an hour and is renewed, and the artist ends it on the page of their tokens.

    python greenroom.py sign-in --url https://videos.example
    python greenroom.py make "A paper boat on a quiet sea" --output boat.mp4
    python greenroom.py list
    python greenroom.py sign-out
"""

import argparse
import json
import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

CLIENT_ID = "greenroom"
SCOPES = "videos:create videos:read"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DEFAULT_URL = "http://localhost:8000"
TIMEOUT_SECONDS = 60
EARLY_SECONDS = 30  # a token is renewed so long before it ends
LOCK_SECONDS = 30  # that another run of this program may take to renew it


class Failed(Exception):
    """What the person at the terminal is told; nothing more was done."""


class Refused(Failed):
    """The portal's refusal: its stable code, and its words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.status, self.code = status, code


class NoRedirects(HTTPRedirectHandler):
    """A token goes to the portal that gave it and nowhere else."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None


_opener = build_opener(NoRedirects)


def send(
    url: str, *, method: str = "GET", data: bytes | None = None, headers: dict[str, str]
) -> HTTPResponse:
    """Send one request and return the answer, open. Raises Refused and Failed."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise Failed("The address must begin with https:// where it is not this machine.")
    headers = {"User-Agent": "greenroom-cli/1", **headers}
    request = Request(url, data, headers, method=method)  # noqa: S310  (the scheme is checked)
    try:
        answer: HTTPResponse = _opener.open(request, timeout=TIMEOUT_SECONDS)
    except HTTPError as error:
        raise _read_refusal(error) from error
    except (URLError, TimeoutError, ConnectionError) as error:
        raise Failed(
            f"{parts.netloc} does not answer: {getattr(error, 'reason', error)}"
        ) from error
    return answer


def _read_refusal(error: HTTPError) -> Refused:
    try:
        body = json.loads(error.read(100_000))
        refusal = body["error"]
        if isinstance(refusal, str):  # OAuth's own shape
            return Refused(error.code, refusal, body.get("error_description") or refusal)
        return Refused(error.code, refusal["code"], refusal["message"])
    except (ValueError, KeyError, TypeError):
        return Refused(error.code, f"http_{error.code}", "This is not the answer of a portal.")


def send_form(url: str, **fields: str) -> dict[str, Any]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with send(url, method="POST", data=urlencode(fields).encode(), headers=headers) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


class Session:
    """Where this program is signed in, kept in one file for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Any]:
        """Return what is kept. Raises Failed where nothing is."""
        try:
            kept: dict[str, Any] = json.loads(self._path.read_text())
        except FileNotFoundError:
            raise Failed("Sign in first: greenroom.py sign-in") from None
        except ValueError:
            raise Failed(f"{self._path} cannot be read. Sign in again.") from None
        return kept

    def keep(self, url: str, given: dict[str, Any]) -> None:
        """Keep what the portal gave, whole or not at all."""
        kept = {
            "url": url,
            "access_token": given["access_token"],
            "refresh_token": given["refresh_token"],
            "renew_at": time.time() + given["expires_in"] - EARLY_SECONDS,
        }
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file)
        new.replace(self._path)

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)

    def current(self, *, refused: str = "") -> dict[str, Any]:
        """Return a token that should work: the kept one, or a new one if it ends or was `refused`.

        A refresh token works once, so of several runs one renews and the others read what it got.
        """
        kept = self.read()
        if kept["access_token"] != refused and time.time() < kept["renew_at"]:
            return kept
        with self._locked():
            kept = self.read()
            if kept["access_token"] != refused and time.time() < kept["renew_at"]:
                return kept
            try:
                given = send_form(
                    f"{kept['url']}/oauth/token",
                    grant_type="refresh_token",
                    client_id=CLIENT_ID,
                    refresh_token=kept["refresh_token"],
                )
            except Refused as refusal:
                if refusal.code != "invalid_grant":
                    raise
                self.forget()
                raise Failed("You were signed out. Sign in again.") from refusal
            self.keep(kept["url"], given)
            return self.read()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self._path.with_name(f"{self._path.name}.lock")
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0o600))
                break
            except FileExistsError:
                if time.monotonic() > until:
                    lock.unlink(missing_ok=True)  # of a run that was killed
                time.sleep(0.1)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


class Api:
    """The portal's /v1, as the artist who is signed in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, path: str, *, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Send one request, once more with a new token if the first is refused as over."""
        kept = self._session.current()
        try:
            return self._send(kept, path, body, headers or {})
        except Refused as refusal:
            if refusal.status != 401:
                raise
            kept = self._session.current(refused=kept["access_token"])
        return self._send(kept, path, body, headers or {})

    def call(self, path: str, **named: Any) -> tuple[dict[str, Any], Any]:
        """Return what an answer says, and its headers."""
        with self.open(path, **named) as answer:
            return json.load(answer), answer.headers

    def _send(
        self, kept: dict[str, Any], path: str, body: Any, headers: dict[str, str]
    ) -> HTTPResponse:
        headers = headers | {"Authorization": f"Bearer {kept['access_token']}"}
        if body is None:
            return send(f"{kept['url']}/v1/{path}", headers=headers)
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
        return send(f"{kept['url']}/v1/{path}", method="POST", data=data, headers=headers)


def sign_in(session: Session, url: str) -> None:
    """Show a code, and wait until the artist has said yes or no to it in a browser."""
    url = url.rstrip("/")
    given = send_form(f"{url}/oauth/device/code", client_id=CLIENT_ID, scope=SCOPES)
    print(f"Open {given['verification_uri_complete']}")
    print(f"and let in the program whose code is {given['user_code']}", flush=True)
    wait_seconds = float(given["interval"])
    until = time.monotonic() + given["expires_in"]
    while time.monotonic() < until:
        time.sleep(wait_seconds)
        try:
            tokens = send_form(
                f"{url}/oauth/token",
                grant_type=DEVICE_GRANT,
                client_id=CLIENT_ID,
                device_code=given["device_code"],
            )
        except Refused as refusal:
            if refusal.code == "access_denied":
                raise Failed("You refused it.") from refusal
            if refusal.code == "slow_down":
                wait_seconds += 5  # RFC 8628, 3.5
            elif refusal.code != "authorization_pending":
                raise
            continue
        session.keep(url, tokens)
        print("Signed in.")
        return
    raise Failed("Nobody let it in within its time.")


def sign_out(session: Session) -> None:
    kept = session.read()
    send_form(f"{kept['url']}/oauth/revoke", client_id=CLIENT_ID, token=kept["refresh_token"])
    session.forget()
    print("Signed out.")


def make(api: Api, options: argparse.Namespace) -> None:
    """Queue a video, wait for its end, and download it."""
    target = _free_target(options.output, is_forced=options.force) if options.output else None
    named = ("prompt", "model", "size", "seconds", "style", "seed")
    wanted = {name: getattr(options, name) for name in named if getattr(options, name) is not None}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    video, headers = api.call("videos", body=wanted, headers=key)
    print(f"{video['id']} is queued.", flush=True)
    said = video["status"]
    while video["status"] in ("queued", "in_progress"):
        time.sleep(int(headers.get("openai-poll-after-ms") or 2000) / 1000)
        video, headers = api.call(f"videos/{quote(video['id'])}")
        if video["status"] != said:
            said = video["status"]
            print(f"{video['id']} is {said.replace('_', ' ')}.", flush=True)
    if video["status"] != "completed":
        raise Failed((video.get("error") or {}).get("message") or "It was not made.")
    if target:
        download(api, video["id"], target)


def download(api: Api, video_id: str, target: Path) -> None:
    """Write the file of a video, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    try:
        with api.open(f"videos/{quote(video_id)}/content") as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file)
            if file.tell() != int(answer.headers["Content-Length"]):
                raise Failed("The download broke off. Try again.")
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    print(f"{target}: {target.stat().st_size:,} bytes")


def list_videos(api: Api) -> None:
    page, _ = api.call("videos?limit=20")
    for video in page["data"]:
        words = " ".join((video.get("prompt") or "").split())
        print(f"{video['id']}  {video['status']:<11}  {words[:60]}")


def _free_target(target: Path, *, is_forced: bool) -> Path:
    if target.exists() and not is_forced:
        raise Failed(f"{target} is there already: --force overwrites it.")
    return target


def _session_path() -> Path:
    default = Path.home() / ".config" / "greenroom" / "session.json"
    return Path(os.environ.get("GREENROOM_SESSION") or default)


def read_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="greenroom.py", description="Videos of your own portal.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("sign-in", help="let this program act for you")
    one.add_argument("--url", default=os.environ.get("GREENROOM_URL") or DEFAULT_URL)
    commands.add_parser("sign-out", help="end that")
    commands.add_parser("list", help="your latest videos")
    one = commands.add_parser("make", help="make a video, wait for it and download it")
    one.add_argument("prompt")
    for name in ("model", "size", "seconds", "style"):
        one.add_argument(f"--{name}")
    one.add_argument("--seed", type=int)
    one.add_argument("--output", "-o", type=Path)
    one.add_argument("--force", action="store_true")
    one = commands.add_parser("download", help="download a finished video")
    one.add_argument("video_id")
    one.add_argument("--output", "-o", type=Path, required=True)
    one.add_argument("--force", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = read_options(arguments)
    session = Session(_session_path())
    api = Api(session)
    try:
        match options.command:
            case "sign-in":
                sign_in(session, options.url)
            case "sign-out":
                sign_out(session)
            case "list":
                list_videos(api)
            case "make":
                make(api, options)
            case "download":
                target = _free_target(options.output, is_forced=options.force)
                download(api, options.video_id, target)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

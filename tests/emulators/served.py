"""An emulator on a real port: its answers travel over real HTTP, and its faults too."""

import socket
import ssl
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Protocol

import httpx


class Answering(Protocol):
    def answer(self, request: httpx.Request) -> httpx.Response: ...


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what went wrong here; a client that was killed, or does not trust us, is not."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError)):
            super().handle_error(request, client_address)


@contextmanager
def served(
    emulator: Answering, *, base: str = "/v1", tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve an emulator on a free port of this machine; yields its address with `base` behind."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            request = httpx.Request(
                self.command,
                f"http://{self.headers['host']}{self.path}",
                headers=list(self.headers.items()),
                content=body,
            )
            try:
                answer = emulator.answer(request)
            except httpx.TransportError:
                self._drop()
                return
            content = answer.read()
            try:
                self._send(answer, content)
            except ConnectionError:  # whoever asked has gone
                self.close_connection = True

        do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

        def _send(self, answer: httpx.Response, content: bytes) -> None:
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in ("content-length", "transfer-encoding", "content-encoding"):
                    self.send_header(name, value)
            told = answer.headers.get("content-length", str(len(content)))
            self.send_header("content-length", told)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = told != str(len(content))

        def _drop(self) -> None:
            """Reset the connection, as a server that died does."""
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the emulator keeps its requests."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}{base}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

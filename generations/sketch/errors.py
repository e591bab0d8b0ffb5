"""Refusals of the server, in the error envelope of the OpenAI API."""

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """A request that is refused: `code` and `param` are stable, `message` is for a person."""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.param = param

    def envelope(self) -> dict[str, Any]:
        """The body of the answer."""
        server_fault = self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return {
            "error": {
                "message": self.message,
                "type": "server_error" if server_fault else "invalid_request_error",
                "param": self.param,
                "code": self.code,
            }
        }


class NotFound(ApiError):
    """No such thing here, or it has expired."""

    def __init__(self, message: str, *, code: str = "not_found", param: str | None = None) -> None:
        super().__init__(message, code=code, status=HTTPStatus.NOT_FOUND, param=param)

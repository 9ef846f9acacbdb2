"""A small HTTP client for servers on loopback: one question, a short wait, no exception."""

from http.client import HTTPConnection, HTTPException
from typing import Final

HOST: Final = "127.0.0.1"
LIMIT: Final = 1_000_000


def ask(
    port: int, path: str, method: str = "GET", body: str | None = None, timeout: float = 2.0
) -> tuple[int, str] | None:
    """Status and body (at most 1 MB) of one request; None when nobody answers in time (seconds)."""
    connection = HTTPConnection(HOST, port, timeout=timeout)
    headers = {"Content-Type": "application/json"} if body else {}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(LIMIT).decode(errors="replace")
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()

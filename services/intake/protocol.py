"""The HTTP server's own protocol, with problems for what it cannot read: its own way is words, and a traceback."""

import asyncio
from typing import Any, Final

from aiohttp import web

from services.intake.http import refused
from services.intake.problems import Problem
from shared import telemetry

SHOWN: Final = 200
"""Characters of what the parser says: it quotes what was sent."""
_OURS: Final = 500
_PLAIN: Final[dict[str, Any]] = {"access_log": None, "auto_decompress": False}


class Protocol(web.RequestHandler):
    """The protocol of one connection. Bodies are decoded by the intake, not by the server, which would not bound them.

    `lingering`: seconds for which the rest of a refused body is read, so that its sender sees the answer.
    """

    __slots__ = ()

    def __init__(self, server: web.Server, lingering: float) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(server, loop=loop, lingering_time=lingering, **_PLAIN)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer where no handler has one: to what is no HTTP, and to a fault of the server; the connection ends.

        Raises:
            ConnectionError: an answer is under way.
        """
        if status >= _OURS:
            self.log_exception(exc_info=exc)
            problem = Problem("internal", "it is in the log of the intake", wait=5)
        else:
            said = _line(message or str(exc))
            telemetry.log("intake.unreadable", peer=request.remote, detail=said)
            problem = Problem("bad_request", f"this is no request of HTTP/1.1: {said}")
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is under way")
        answer = refused(problem)
        answer.headers["Server"] = "newswire"  # no application is asked what to add
        answer.force_close()
        return answer

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Answer; what the server refuses before a handler is asked (Expect: other than 100-continue) as a problem."""
        if isinstance(resp, web.HTTPException):
            resp = refused(Problem("bad_request", resp.text or resp.reason))
            resp.force_close()
        return await super().finish_response(request, resp, start_time)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """A fault of the server, in the log of the intake."""
        error = kw.get("exc_info")
        said = error if isinstance(error, BaseException) else RuntimeError(str(args[0] if args else "no answer"))
        telemetry.bug("intake.failed", said)


def _line(text: str) -> str:
    return ascii(" ".join(text.split()))[1:-1][:SHOWN]

"""Parsing in the sandbox: a page that ends its child is tried once more, and then a dead letter."""

from typing import Final

from pydantic import ValidationError

from services.parse.sandbox.request import ParseRequest
from shared.contracts import ParsedArticle
from shared.errors import Poison, Transient
from shared.sandbox import ChildDied, Limits, Pool, WorkerBugError
from shared.sandbox.pool import ONE_THREAD, THRIFTY

WORKER: Final = "services.parse.sandbox.worker"


class ParserPool(Pool):
    """`size` children that parse."""

    environment = {**ONE_THREAD, **THRIFTY}  # noqa: RUF012 - not changed

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        super().__init__(WORKER, size, limits)

    async def run(self, request: ParseRequest) -> ParsedArticle:
        """Parse in a child; wait for a free one.

        Raises:
            Skip, Poison: what the parser says; also `resource_limit` for a page that ended its child repeatedly.
            Transient: `child_died`, at the first attempt.
            DependencyDown: no child can be started.
        """
        try:
            return _article(await self.ask(request.dumps()))
        except ChildDied as died:
            raise _died(request, died) from died


def _died(request: ParseRequest, died: ChildDied) -> Poison | Transient:
    if died.overdue:
        return Poison("resource_limit", f"the parser's child {died}")
    if request.attempt > 1:
        return Poison("resource_limit", f"the parser's child died again: {died}")
    return Transient("child_died", str(died))


def _article(content: bytes) -> ParsedArticle:
    try:
        return ParsedArticle.model_validate_json(content)
    except ValidationError as error:
        raise WorkerBugError(f"an article that breaks its contract: {error.errors(include_input=False)[0]}") from error

"""Enriching in the sandbox: a step that ends its child is left out, and the article goes on without it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.enrich.sandbox.request import EnrichRequest
from shared.contracts import EnrichedArticle
from shared.errors import Poison
from shared.sandbox import ChildDied, Limits, Pool

WORKER: Final = "services.enrich.sandbox.worker"
LIMITS: Final = Limits(growth=60 * 1024**2)
"""Models touch some 40 MB of their own pages in a child; replacing it for that would cost more than it frees."""


class EnrichingPool(Pool):
    """`size` children that enrich."""

    def __init__(self, size: int = 2, limits: Limits = LIMITS, worker: str = WORKER) -> None:
        super().__init__(worker, size, limits)

    async def run(self, article: bytes, steps: Sequence[str], now: datetime) -> EnrichedArticle:
        """Enrich an article of `Arriving`'s contract. Each step can end one child, and is then marked and left out.

        Raises:
            Poison: `invalid_message`, or `resource_limit`: the article ends a child before the first step.
            DependencyDown: no child can be started.
        """
        overdue: dict[str, str] = {}
        while True:
            try:
                answer = await self.ask(EnrichRequest(article, now, tuple(steps), overdue).dumps())
            except ChildDied as died:
                if died.note not in steps or died.note in overdue:
                    raise Poison("resource_limit", f"enriching it ended a child: {died}") from died
                overdue[died.note] = str(died)
                continue
            return EnrichedArticle.model_validate_json(answer)

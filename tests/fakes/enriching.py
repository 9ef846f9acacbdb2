"""The enriching worker with two more steps, which never end or take all memory when the body says so."""

from collections.abc import Mapping
from typing import Any

from services.enrich.sandbox import worker
from services.enrich.steps import STEPS, Step
from shared.contracts import EnrichedArticle


def _sleepy(article: EnrichedArticle) -> Mapping[str, Any]:
    while "never ends" in article.body:
        pass
    return {"keyphrases": ["slept"]}


def _greedy(article: EnrichedArticle) -> Mapping[str, Any]:
    return {"events": [str(len(b"x" * 2**40))]} if "takes all" in article.body else {"events": []}


worker.STEPS = (
    STEPS[0],
    Step("sleepy", "1", frozenset({"keyphrases"}), _sleepy),
    Step("greedy", "1", frozenset({"events"}), _greedy),
    *STEPS[1:],
)
NAMES = tuple(step.name for step in worker.STEPS)
work, warm_up = worker.work, worker.warm_up

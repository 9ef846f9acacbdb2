"""What every step is: a name, a version, what it needs, and a pure function from the article to the fields it adds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from shared.contracts import EnrichedArticle


class NothingToDo(Exception):
    """The step does not apply to this article; the text says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """`run` returns values for fields of EnrichedArticle; raising NothingToDo leaves them empty.

    `version` changes when the same article would give other values. `fields` are those the step may set. The article
    it is given has what the steps before it found; those in `needs` are done, or the step is skipped. What
    those in `uses` found is taken in where there is any. When a step of either kind is run again, this one is, too.

    `cost` is what to expect of an article of 500 words, in milliseconds of CPU; `make bench` shows what it is.
    `packages` are those of dependency groups that a replica may be without; it then skips the step and says so.
    `better_with` are packages that it does without, but finds less; its `version` tells.
    `load` reads what the step needs (models, lists), before the first article and before workers are forked.
    """

    name: str
    version: str
    fields: frozenset[str]
    run: Callable[[EnrichedArticle], Mapping[str, Any]]
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    cost: float = 1.0
    packages: tuple[str, ...] = ()
    better_with: tuple[str, ...] = ()
    load: Callable[[], object] = lambda: None

    @property
    def missing(self) -> tuple[str, ...]:
        """Those of `packages` that are not installed."""
        return tuple(name for name in self.packages if find_spec(name) is None)

    @property
    def missed(self) -> tuple[str, ...]:
        """Those of `better_with` that are not installed."""
        return tuple(name for name in self.better_with if find_spec(name) is None)

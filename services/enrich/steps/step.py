"""What every step is: a name, a version, and a pure function from the article to the fields it adds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts import ParsedArticle


class NothingToDo(Exception):
    """The step does not apply to this article; the text says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """`run` returns values for fields of EnrichedArticle; raising NothingToDo leaves them empty.

    `version` changes when the same article would give other values. `fields` are those the step may set.
    """

    name: str
    version: str
    fields: frozenset[str]
    run: Callable[[ParsedArticle], Mapping[str, Any]]

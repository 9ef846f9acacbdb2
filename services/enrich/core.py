"""From a parsed to an enriched article: each step adds its fields, or says why it did not. Pure."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle, Enrichment, ParsedArticle, Utc

Starting = Callable[[str], None]
"""Told the name of a step before it runs."""

MISSED: Final = ("failed", "timeout")
_FIELDS: Final[Mapping[str, TypeAdapter[Any]]] = {
    name: TypeAdapter(field.rebuild_annotation()) for name, field in EnrichedArticle.model_fields.items()
}
"""Reads each field by itself: a value that breaks the contract is its step's fault alone."""


class Arriving(EnrichedArticle):
    """A parsed article, or one that was enriched before and comes again."""

    enriched_at: Utc = datetime.min.replace(tzinfo=UTC)


def enrich(
    article: ParsedArticle,
    steps: Sequence[Step],
    *,
    now: datetime,
    starting: Starting = lambda _: None,
    overdue: Mapping[str, str] | None = None,
) -> EnrichedArticle:
    """The article with what the steps found. A step that raises marks itself and never loses the article.

    What an earlier enrichment of this article found stays where no step of these sets it. Steps in `overdue` are
    not run: they took too long with this article before, as the text says.
    """
    known = EnrichedArticle.model_validate(dict(article) | {"enriched_at": now})
    for step in steps:
        if overdue and step.name in overdue:
            found, went = _empty(step), Enrichment(version=step.version, status="timeout", detail=overdue[step.name])
        else:
            starting(step.name)
            found, went = _run(step, known)
        known = known.model_copy(update=found | {"enrichment": known.enrichment | {step.name: went}})
    return known.model_copy(update=_summary(known.enrichment))


def _run(step: Step, article: EnrichedArticle) -> tuple[dict[str, Any], Enrichment]:
    """What the step found, and how it went."""
    try:
        _check_needs(step, article)
        found = {name: _FIELDS[name].validate_python(value) for name, value in step.run(article).items()
                 if name in step.fields}  # fmt: skip
    except NothingToDo as why:
        return _empty(step), Enrichment(version=step.version, status="skipped", detail=str(why)[:200])
    except Exception as error:  # noqa: BLE001 - a step is optional, the article is not
        return _empty(step), Enrichment(version=step.version, status="failed", detail=_told(error))
    return _empty(step) | found, Enrichment(version=step.version, status="done")


def _told(error: Exception) -> str:
    """An exception in one line, with the place in our code that raised it."""
    *_, place = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"[:200]


def _empty(step: Step) -> dict[str, Any]:
    """The step's fields as they are before it: what it found at an earlier enrichment is not true any more."""
    return {name: EnrichedArticle.model_fields[name].get_default(call_default_factory=True) for name in step.fields}


def _check_needs(step: Step, article: EnrichedArticle) -> None:
    """Raises: NothingToDo: its packages are not installed, or a step that this one builds upon is not done."""
    if step.missing:
        raise NothingToDo(f"not installed: {', '.join(step.missing)}")
    done = {name for name, went in article.enrichment.items() if went.status == "done"}
    if missing := [need for need in step.needs if need not in done]:
        raise NothingToDo(f"needs {', '.join(missing)}")


def _summary(enrichment: Mapping[str, Enrichment]) -> dict[str, Any]:
    """The steps by how they went, in their order."""
    return {
        "steps_done": tuple(name for name, went in enrichment.items() if went.status == "done"),
        "steps_missed": tuple(name for name, went in enrichment.items() if went.status in MISSED),
    }

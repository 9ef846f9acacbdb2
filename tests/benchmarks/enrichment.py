"""What each step of enrichment costs: milliseconds of CPU for an article of 500 words, beside what it declares.

Measured in processes of their own, which have the environment of the enriching children: one thread each.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import process_time
from typing import Any, Final
from unittest.mock import patch

from services.enrich.core import MISSED, enrich
from services.enrich.steps import STEPS, Step, entities
from services.enrich.steps.step import NothingToDo
from shared.contracts import EnrichedArticle, ParsedArticle
from shared.sandbox.pool import ONE_THREAD
from tests.benchmarks import material
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, Spread

ROUNDS: Final = 5
ARTICLES: Final = 60
WORDS: Final = 500
LIMIT, LIMIT_WITH_MODELS = 25.0, 70.0
"""Milliseconds of all steps together, with names found by rules alone, and by the models of optional packages."""
RULES: Final = "--rules"


def enrichment() -> Section:
    """All steps in turn over the same articles, with the models that are installed and without them."""
    return _section(_measured(), _measured(RULES))


def _measured(*arguments: str) -> list[dict[str, float]]:
    """Milliseconds of each step in each round, from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.enrichment", *arguments]
    done = subprocess.run(command, env={**os.environ, **ONE_THREAD}, stdout=subprocess.PIPE, check=True)
    rounds: list[dict[str, float]] = json.loads(done.stdout)
    return rounds


def main(*, models: bool) -> None:
    """Print all rounds as JSON. The first one loads what the steps need and is not counted."""
    with patch.object(entities, "usable", entities.usable if models else tuple):
        articles = [of_length(each) for each in material.parsed_articles(ARTICLES)]
        for step in STEPS:
            step.load()
        sys.stdout.write(json.dumps([_round(articles) for _ in range(ROUNDS + 1)][1:]))


def of_length(article: ParsedArticle) -> ParsedArticle:
    """The article with a body of 500 words: its own, as often as it takes."""
    words = article.body.split(" ")
    body = " ".join((words * (WORDS // len(words) + 1))[:WORDS])
    return article.model_copy(update={"body": body})


def _round(articles: Sequence[ParsedArticle]) -> dict[str, float]:
    """Milliseconds an article of each step, given what the steps before it found."""
    spent = dict.fromkeys((step.name for step in STEPS), 0.0)
    for article in articles:
        known = enrich(article, STEPS, now=article.parsed_at)
        for step in STEPS:
            spent[step.name] += _one(step, known)
    return {name: seconds * 1_000 / len(articles) for name, seconds in spent.items()}


def _one(step: Step, known: EnrichedArticle) -> float:
    went = known.enrichment[step.name]
    if went.status in MISSED:
        raise RuntimeError(f"step {step.name} is {went.status} on an article of our own: {went.detail}")
    start = process_time()
    with suppress(NothingToDo):
        step.run(known)
    return process_time() - start


def _section(full: Sequence[Mapping[str, float]], ruled: Sequence[Mapping[str, float]]) -> Section:
    spent = {step.name: Spread.of([each[step.name] for each in full]) for step in STEPS}
    whole, rules = (Spread.of([sum(each.values()) for each in rounds]) for rounds in (full, ruled))
    names = Spread.of([each[entities.STEP.name] for each in ruled])
    rows = [(step.name, spent[step.name].text(2), f"{step.cost:g}") for step in STEPS]
    rows += [("all", whole.text(2), f"{sum(step.cost for step in STEPS):g}")]
    rows += [("entities by rules alone", names.text(2), ""), ("all, with names by rules alone", rules.text(2), "")]
    data: dict[str, Any] = {"ms": spent, "ms_all": whole, "ms_entities_by_rules": names, "ms_all_by_rules": rules}
    return Section(
        "enrichment",
        f"CPU of each step for {WORDS} words ({ROUNDS} rounds over {ARTICLES} articles, median and range)",
        ("", "ms an article", "declared"),
        rows,
        [
            Bar("all steps, with names by rules alone", rules.median, LIMIT, "at most", " ms"),
            Bar("all steps", whole.median, LIMIT_WITH_MODELS, "at most", " ms"),
        ],
        data,
    )


if __name__ == "__main__":
    main(models=RULES not in sys.argv)

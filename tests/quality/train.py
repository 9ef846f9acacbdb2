"""Train the weights of services/parse/html/model.py on the labelled pages: python -m tests.quality.train.

First it tells how well such weights do on pages that they never saw: of other hosts, and of another set. Then it writes
those that are trained on all pages. The weights hold nothing of any page's text.
"""

import json
import logging
import re
import sys
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from services.parse.findings import Draft
from services.parse.html import model
from services.parse.html.blocks import Run, runs_of
from services.parse.html.body import (
    Passage,
    extracted,
    joined,
    known_of,
    settled,
    text_of_passages,
    without_headline,
)
from services.parse.html.chosen import Choice, choose
from services.parse.html.clues import read_clues
from services.parse.html.features import CONTEXT, OWN, WINDOW, beside, features
from services.parse.html.reader import read_metadata
from services.parse.html.related import take_related
from services.parse.raw.document import read_raw
from tests.quality.material import SETS, Labelled, labelled
from tests.quality.metrics import SHINGLE, Overlap, mean, overlap, published, shingles

OUT: Final = Path(model.__file__).with_name("weights.json")
FOLDS: Final = 4
SOFTNESS: Final = 0.05
"""Inverse strength of the regularisation (scikit-learn's C)."""
ITERATIONS: Final = 40
CONSTANT: Final = 1e-6
"""Numbers that spread less say nothing."""
HALF: Final = 0.5
HEAVIEST: Final = 0.3
"""A run weighs at most so much of its page's labelled words."""
THRESHOLD: Final = 0.37
"""Chosen on the folds of hosts; from 0.3 to 0.42 the mean differs by 0.002."""
_WORD: Final = re.compile(r"\w+")


@dataclass(slots=True)
class Page:
    """A page's runs with their numbers, and for each the share of it that the labelled body has.

    `extract`, `full`: what trafilatura makes of the page.
    """

    truth: Labelled
    headline: str
    runs: list[Run]
    words: list[list[str]]
    extract: list[Passage]
    full: list[Passage]
    rows: np.ndarray
    sizes: np.ndarray
    inside: np.ndarray


def read(truth: Labelled) -> Page:
    """A page as the parser sees it when it looks for the body."""
    headers = {"content-type": "text/html", "newswire-url": truth.url}
    clues = read_clues(read_raw(truth.markup, headers, "quality", truth.fetched_at).page)
    draft = Draft(parser="html", block_basis="body")
    read_metadata(draft, clues)
    take_related(draft, clues)
    extract = extracted(clues.tree, fast=True)
    runs = runs_of(clues.tree)
    rows, words = features(runs, known_of(draft, clues))
    return Page(
        truth=truth,
        headline=str(draft.fields.get("headline", "")),
        runs=runs,
        words=words,
        extract=extract,
        full=extracted(clues.tree),
        rows=np.array(rows, dtype=np.float64).reshape(-1, len(OWN)),
        sizes=np.array([max(1, len(each)) for each in words], dtype=float),
        inside=np.array(_inside(truth.body, [run.text for run in runs])),
    )


def _beside(page: Page) -> Page:
    """The same page with trafilatura's reading among what is seen."""
    rows = beside(page.rows.tolist(), page.words, text_of_passages(page.extract))
    return replace(page, rows=np.array(rows, dtype=np.float64).reshape(-1, len(OWN)))


def _inside(body: str, texts: Sequence[str]) -> list[float]:
    """For each run the share of its 4-grams that the body has; a shorter run is in it as a line of its own or not.

    What is shown twice is in the body once.
    """
    known = set(shingles(body))
    lines = {" ".join(_WORD.findall(line)) for line in body.split("\n")}
    found: list[float] = []
    seen: set[str] = set()
    for text in texts:
        words = _WORD.findall(text)
        line = " ".join(words)
        share = _share(text, known) if len(words) >= SHINGLE else float(bool(line) and line in lines)
        again = line in seen and len(words) >= SHINGLE
        found.append(0.0 if again else share)
        if share > HALF:
            seen.add(line)
    return found


def _share(text: str, known: set[tuple[str, ...]]) -> float:
    grams = shingles(text)
    return sum(count for gram, count in grams.items() if gram in known) / grams.total()


class Trainer:
    """All runs of all pages as one matrix, and what is trained on it."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self.page = np.concatenate([np.full(len(each.rows), number) for number, each in enumerate(pages)])
        self.rows = np.vstack([each.rows for each in pages])
        self.inside = np.concatenate([each.inside for each in pages]) > HALF
        self.matrix = np.hstack([self.rows, *self._context()])
        self.weights = self._weights()

    def _context(self) -> list[np.ndarray]:
        near = self.rows[:, :CONTEXT]
        before = [self._shifted(near, step) for step in range(1, WINDOW + 1)]
        after = [self._shifted(near, -step) for step in range(1, WINDOW + 1)]
        return [before[0], after[0], sum(before) / WINDOW, sum(after) / WINDOW]

    def _shifted(self, rows: np.ndarray, step: int) -> np.ndarray:
        """Each run's neighbour `step` before it, zeros where the page has none."""
        moved = np.roll(rows, step, axis=0)
        moved[np.roll(self.page, step) != self.page] = 0
        if step > 0:
            moved[:step] = 0
        else:
            moved[step:] = 0
        return moved

    def _weights(self) -> np.ndarray:
        """A run weighs its words' share of what its page has in the body, so that pages weigh the same."""
        each_page = []
        for page in self.pages:
            body = max(1.0, page.sizes[page.inside > HALF].sum())
            each_page.append(np.minimum(np.maximum(page.sizes, 2) / body, HEAVIEST))
        found = np.concatenate(each_page)
        return found / found.mean()

    def fit(self, matrix: np.ndarray, chosen: np.ndarray) -> tuple[float, np.ndarray]:
        """Bias and weights for numbers as they are."""
        middle, spread = matrix[chosen].mean(0), matrix[chosen].std(0)
        spread[spread < CONSTANT] = np.inf
        trained = LogisticRegression(C=SOFTNESS, max_iter=ITERATIONS)
        trained.fit((matrix[chosen] - middle) / spread, self.inside[chosen], self.weights[chosen])
        weights = trained.coef_[0] / spread
        return float(trained.intercept_[0] - (middle * weights).sum()), weights

    def foreseen(self, matrix: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Each run's probability, by weights trained on other groups of pages."""
        found = np.zeros(len(matrix))
        for group in np.unique(groups):
            left_out = groups[self.page] == group
            bias, weights = self.fit(matrix, ~left_out)
            found[left_out] = 1 / (1 + np.exp(-(matrix[left_out] @ weights + bias)))
        return found

    def second(self, first: np.ndarray) -> np.ndarray:
        """The second step's matrix."""
        extra = [
            row
            for number, page in enumerate(self.pages)
            for row in model.stacked(first[self.page == number].tolist(), page.sizes.astype(int).tolist())
        ]
        return np.hstack([self.matrix, np.array(extra)])

    def choices(self, found: np.ndarray) -> list[Choice]:
        """Every page's runs by these probabilities."""
        return [
            choose(page.runs, page.rows.tolist(), page.words, found[self.page == number].tolist(), THRESHOLD)
            for number, page in enumerate(self.pages)
        ]


def _settled(page: Page, alone: Choice, second: Choice) -> list[Passage]:
    """What the parser takes, by choices of weights that never saw the page."""
    if alone.is_enough:
        return joined(alone.runs)
    return settled(joined(alone.runs), joined(second.runs), page.extract, lambda: page.full).passages


def _score(page: Page, passages: list[Passage]) -> Overlap:
    return overlap(page.truth.body, text_of_passages(without_headline(passages, page.headline)))


def _told(name: str, pages: Sequence[Page], scores: Sequence[Overlap]) -> str:
    parts = [f"{name}: all {mean(each.f1 for each in scores):.4f}"]
    for collection in SETS:
        inside = [each for page, each in zip(pages, scores, strict=True) if page.truth.collection == collection]
        parts.append(f"{collection} {mean(each.f1 for each in inside):.4f} (published {published(inside):.4f})")
    return ", ".join(parts)


def _tell(name: str, pages: Sequence[Page], alone: list[Choice], second: list[Choice]) -> None:
    """The scores of each reading and of what is taken in the end."""
    readings = {
        "trafilatura fast": [page.extract for page in pages],
        "trafilatura": [page.full for page in pages],
        f"the model alone, trained on {name}": [joined(each.runs) for each in alone],
        f"the model with trafilatura's, trained on {name}": [joined(each.runs) for each in second],
        f"what is taken, trained on {name}": [_settled(*each) for each in zip(pages, alone, second, strict=True)],
    }
    for told, bodies in readings.items():
        scores = [_score(page, body) for page, body in zip(pages, bodies, strict=True)]
        sys.stdout.write(_told(told, pages, scores) + "\n")
    sys.stdout.write(f"asked for a second reading: {sum(not each.is_enough for each in alone)} pages\n")


def _rounded(trainer: Trainer, matrix: np.ndarray) -> dict[str, Any]:
    """Weights by all pages, as they are written."""
    bias, weights = trainer.fit(matrix, np.ones(len(matrix), dtype=bool))
    return {"bias": round(bias, 4), "weights": [round(float(each), 4) for each in weights]}


def _host(page: Page) -> int:
    host = urlsplit(page.truth.url or page.truth.name).netloc
    return zlib.crc32(".".join(host.split(".")[-2:]).encode()) % FOLDS


def main() -> int:
    """Run it from the command line."""
    logging.disable()
    warnings.simplefilter("ignore", ConvergenceWarning)  # as many iterations as help; more change nothing
    pages = [read(truth) for name in SETS for truth in labelled(name)]
    trainers = {"alone": Trainer(pages), "beside": Trainer([_beside(page) for page in pages])}
    known: dict[str, Any] = {"names": list(OWN), "threshold": THRESHOLD}
    by_host = np.array([_host(page) for page in pages])
    by_set = np.array([SETS.index(page.truth.collection) for page in pages])
    for told, groups in (("another set", by_set), ("other hosts", by_host)):
        choices: list[list[Choice]] = []
        for sight, trainer in trainers.items():
            second = trainer.second(trainer.foreseen(trainer.matrix, groups))
            choices.append(trainer.choices(trainer.foreseen(second, groups)))
            known[sight] = {"first": _rounded(trainer, trainer.matrix), "second": _rounded(trainer, second)}
        _tell(told, pages, *choices)
    OUT.write_text(json.dumps(known) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

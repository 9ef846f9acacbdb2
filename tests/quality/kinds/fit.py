"""The weights of services/parse/html/kinds.py, fitted to labelled pages."""

import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from services.parse.html import kinds
from services.parse.html.kinds import KINDS, Kind, Model
from tests.quality.kinds.reading import Seen, Told

OUT: Final = Path(kinds.__file__).with_name("kinds.json")
SOFTNESS: Final = 0.02
"""Inverse strength of the regularisation (scikit-learn's C)."""
ITERATIONS: Final = 500
CONSTANT: Final = 1e-6
BARE: Final = 0.3
"""What an article without all that it declares weighs. Without such ones the model takes four flashes in ten of sites
that declare nothing for something else; with them one or two in a hundred."""
THRESHOLD: Final = 0.45
"""Chosen on the first half of the hosts."""
FOLDS: Final = 10


def fitted(pages: Sequence[Seen]) -> Model:
    """A model of these pages."""
    articles = [each for each in pages if each.page.kind == "article"]
    matrix = np.array([list(each.known.values()) for each in pages] + [list(each.bare.values()) for each in articles])
    counts = [1.0] * len(pages) + [BARE] * len(articles)
    middle, spread = matrix.mean(0), matrix.std(0)
    spread[spread < CONSTANT] = np.inf
    regression = LogisticRegression(C=SOFTNESS, max_iter=ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit((matrix - middle) / spread, [each.page.kind for each in (*pages, *articles)], counts)
    weights, bias = {}, {}
    for kind, own, offset in zip(regression.classes_, regression.coef_ / spread, regression.intercept_, strict=True):
        weights[kind] = tuple(round(float(each), 4) for each in own)
        bias[kind] = round(float(offset - (middle * own).sum()), 4)
    return Model(tuple(pages[0].known), THRESHOLD, bias, weights)


def foreseen(pages: Sequence[Seen]) -> list[tuple[Seen, Told]]:
    """Each page with what is said of it by a model of other hosts' pages."""
    found: list[tuple[Seen, Told]] = []
    for fold in range(FOLDS):
        model = fitted([each for each in pages if _fold(each) != fold])
        found += [(each, each.told(model)) for each in pages if _fold(each) == fold]
    return found


def _fold(each: Seen) -> int:
    return each.page.group // 2 % FOLDS


def write(model: Model) -> None:
    """Keep the weights."""
    each: dict[Kind, dict[str, object]] = {
        kind: {"bias": model.bias[kind], "weights": model.weights[kind]} for kind in KINDS
    }
    OUT.write_text(json.dumps({"names": model.names, "threshold": model.threshold, "kinds": each}) + "\n", "utf-8")

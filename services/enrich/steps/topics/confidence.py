"""How often a topic is right whose share of an article's weight is so large: Platt's scaling, fitted to labelled texts.

`python -m tests.quality.enrichment.calibration --write` fits it, by how often the surest topic is right. Pure.
"""

import json
import math
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

FILE: Final = "confidence.json"
CERTAIN: Final = 0.99
"""No share of words tells more."""


class Scaling(NamedTuple):
    """The slope and offset of a line over the logit of a share, whose logistic is the probability. Platt 1999."""

    slope: float
    offset: float

    def __call__(self, share: float) -> float:
        """The probability for a share above 0 and below 1."""
        return min(CERTAIN, 1 / (1 + math.exp(-(self.slope * logit(share) + self.offset))))


def logit(share: float) -> float:
    """Of a share above 0 and below 1."""
    return math.log(share / (1 - share))


@cache
def scaling() -> Scaling:
    """The one that ships."""
    return Scaling(**json.loads(files("services.enrich.steps.topics").joinpath(FILE).read_text("utf-8")))

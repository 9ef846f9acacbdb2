"""What kind of page this is as a whole: an article, or something that looks like one to who finds its text.

One linear step over `traits`. The weights were trained by `python -m tests.quality.kinds --write`, which also tells how
well they do on hosts they never saw.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul
from typing import Final, Literal, TypeAlias, get_args

from services.parse.html.traits import Traits
from shared.contracts import PageKind

OTHERS: Final[tuple[PageKind, ...]] = get_args(PageKind)
Kind: TypeAlias = Literal["article"] | PageKind
KINDS: Final[tuple[Kind, ...]] = ("article", *OTHERS)
TOLD_BY: Final = 3
"""Traits that are named as the reasons."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a page looks like. `article`: how likely it is one, 0 to 1. `other`: what else it is, rather than others.

    `told_by`: the traits that speak most for that, the strongest first.
    """

    article: float
    other: PageKind
    told_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A bias and weights for each kind, in the order of `names`. `threshold`: below it a page looks like another."""

    names: tuple[str, ...]
    threshold: float
    bias: dict[Kind, float]
    weights: dict[Kind, tuple[float, ...]]

    def look(self, known: Traits) -> Look:
        """What a page with these traits looks like."""
        values = list(known.values())
        sums = {kind: self.bias[kind] + sum(map(mul, self.weights[kind], values)) for kind in KINDS}
        most = max(sums.values())
        shares = {kind: math.exp(each - most) for kind, each in sums.items()}
        other = max(OTHERS, key=lambda kind: shares[kind])
        return Look(shares["article"] / sum(shares.values()), other, self._told_by(values, other))

    def _told_by(self, values: list[float], other: Kind) -> tuple[str, ...]:
        for_it = zip(self.names, values, self.weights[other], self.weights["article"], strict=True)
        told = sorted(((value * (one - two), name) for name, value, one, two in for_it), reverse=True)
        return tuple(name for weight, name in told[:TOLD_BY] if weight > 0)


@cache
def trained() -> Model:
    """The trained model."""
    known = json.loads(files("services.parse.html").joinpath("kinds.json").read_text("utf-8"))
    return Model(
        tuple(known["names"]),
        known["threshold"],
        {kind: known["kinds"][kind]["bias"] for kind in KINDS},
        {kind: tuple(known["kinds"][kind]["weights"]) for kind in KINDS},
    )

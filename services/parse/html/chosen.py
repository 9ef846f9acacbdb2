"""Which runs of a page are taken for its article's text, and how sure that is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final

from services.parse.html.asides import is_aside
from services.parse.html.blocks import Run
from services.parse.html.features import IN_EXTRACT, Row, Shingles, shingled

SURE: Final = 0.88
"""Expected F1 from which on the model is believed alone. Chosen on pages of hosts that it was not trained on: from 0.86
to 0.92 the mean F1 differs by 0.002."""
FEW: Final = 300
"""Tokens of a text that is too short to be believed alone: a byline counts in it, and the model saw few of them."""
DOUBTFUL: Final = 0.2
"""Likelihood of a run that is taken when the one before it was, and the other reading has it: short last paragraphs."""
HALF: Final = 0.5
REPEATS: Final = 12
"""Tokens from which on a run is not taken again: pages show a summary or the whole article twice, for two screens."""
REPEATED: Final = 0.9
"""Share of a run's shingles that were taken before: where one run repeats many, those over their seams were not."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The runs that are taken. `sure`: the F1 that their likelihoods let expect, 0 to 1; `tokens`: of all of them."""

    runs: list[Run]
    sure: float
    tokens: int

    @property
    def is_enough(self) -> bool:
        """Whether no other reading of the page is needed."""
        return self.sure >= SURE and self.tokens >= FEW


def choose(
    runs: Sequence[Run], rows: Sequence[Row], words: Sequence[Sequence[str]], likely: Sequence[float], threshold: float
) -> Choice:
    """The runs that are likelier than `threshold`; their numbers, tokens and likelihoods are in the same order."""
    own = [0.0 if each > threshold and is_aside(run) else each for run, each in zip(runs, likely, strict=True)]
    likely = without_repeated(words, own, threshold)
    size = sum(len(known) for known, each in zip(words, likely, strict=True) if each > threshold)
    return Choice(taken_runs(runs, rows, likely, threshold), expected(words, likely, threshold), size)


def taken_runs(runs: Sequence[Run], rows: Sequence[Row], likely: Sequence[float], threshold: float) -> list[Run]:
    """The runs that are likely text of the article, and those after one of its kind that the other reading has, too."""
    found = list[Run]()
    last: Run | None = None
    for run, row, each in zip(runs, rows, likely, strict=True):
        beside = last is not None and last.around.parent is run.around.parent and last.around.tag == run.around.tag
        taken = each > threshold or (beside and found[-1:] == [last] and each > DOUBTFUL and row[IN_EXTRACT] > HALF)
        if taken:
            found.append(run)
        last = run
    return found


def without_repeated(words: Sequence[Sequence[str]], likely: Sequence[float], threshold: float) -> list[float]:
    """The likelihoods, but none for a longer run that says what those taken before it said."""
    said, found = Shingles(), list[float]()
    for each, known in zip(likely, words, strict=True):
        mine = shingled(known) if each > threshold else Shingles()
        again = len(known) >= REPEATS and len(mine & said) >= max(1, REPEATED * len(mine))
        said |= mine
        found.append(0.0 if again else each)
    return found


def expected(words: Sequence[Sequence[str]], likely: Sequence[float], threshold: float) -> float:
    """The F1 to expect of the runs over `threshold`, by tokens, if the likelihoods are right; 0 without any."""
    sizes = [max(1, len(each)) for each in words]
    right = sum(size * each for size, each in zip(sizes, likely, strict=True) if each > threshold)
    chosen = sum(size for size, each in zip(sizes, likely, strict=True) if each > threshold)
    return min(1.0, 2 * right / (chosen + sum(map(mul, sizes, likely)))) if chosen else 0.0

"""Topics on a set with six classes of its own: ours, beside naive Bayes that learnt from the other half of it."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from services.enrich.reading.words import words
from services.enrich.steps.topics import topics, weigh
from tests.quality.enrichment.material import Text

CLASS_OF: Final = {
    "01": "entertainment", "02": "society", "03": "society", "04": "economy", "05": "society", "06": "society",
    "07": "science", "08": "entertainment", "09": "economy", "11": "society", "12": "society", "14": "society",
    "15": "sports", "16": "society", "17": "society",
}  # fmt: skip
"""The set's class of each of IPTC's tops, by its first digits. Science and technology are one there and two here."""
TECHNOLOGY: Final = "20000756"
SCIENCE: Final = ("20000717", "20000735", "20000710")


def ours(text: Text) -> str | None:
    """The class of the surest topic; None where there is none."""
    found = topics(text.headline, text.body, text.language)
    if not found:
        return None
    top = found[0].id.removeprefix("medtop:")[:2]
    if top != "13":
        return CLASS_OF.get(top, "another")
    weights, _ = weigh(text.headline, text.body, text.language)
    return "technology" if weights.get(TECHNOLOGY, 0) > sum(weights.get(code, 0) for code in SCIENCE) else "science"


class Bayes:
    """Multinomial naive Bayes over words: what the labels of the other half of the set are worth."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.texts: Counter[str] = Counter()
        for text in texts:
            self.texts[text.label] += 1
            self.counts.setdefault(text.label, Counter()).update(words(f"{text.headline} {text.body}"))
        self.sizes = {label: counts.total() for label, counts in self.counts.items()}
        self.vocabulary = len({word for counts in self.counts.values() for word in counts})

    def __call__(self, text: Text) -> str:
        read = Counter(words(f"{text.headline} {text.body}"))
        return max(self.counts, key=lambda label: self._likelihood(label, read))

    def _likelihood(self, label: str, read: Counter[str]) -> float:
        counts, size = self.counts[label], self.sizes[label] + self.vocabulary
        seen = sum(times * math.log((counts[word] + 1) / size) for word, times in read.items())
        return math.log(self.texts[label]) + seen


def bayes(texts: Sequence[Text]) -> list[str]:
    """The class of each text by what is learnt from the half of the set that it is not in."""
    found: dict[int, str] = {}
    for half in (0, 1):
        learnt = Bayes(texts[1 - half :: 2])
        found |= {place: learnt(texts[place]) for place in range(half, len(texts), 2)}
    return [found[place] for place in range(len(texts))]

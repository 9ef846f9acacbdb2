"""Names by a model of our own: a conditional random field over words, their shapes, and what the gazetteer knows.

`python -m deploy.models.names` trains it, from the features below. The file is CRFsuite's own format and checked by
its hash. It holds weights of single words, of their ends and shapes, and no sentence.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

import pycrfsuite

from services.enrich.names import gazetteer
from services.enrich.names.text import BY_HEAD, Found, Word
from shared.contracts.enriched import EntityKind

VERSION: Final = "crf-3"
LEAST: Final = {"de": 0.35, "fr": 0.35, "es": 0.5, "pl": 0.35}
"""By language, the probability below which a name is left to the rules. The Spanish model has read a thousand names."""
_BY_HEAD: Final = frozenset({f"organisation {BY_HEAD}", f"place {BY_HEAD}"})
KNOWN_BETTER: Final = {"de": _BY_HEAD, "fr": _BY_HEAD, "pl": _BY_HEAD}
"""Rules that a model does without, by language: it knows better which capitals belong to a bank or a lake."""
READ: Final = 30_000
"""Characters that are read."""
LONGEST: Final = 120
"""Words of a sentence; a longer one is read in parts."""
KINDS: Final[dict[str, EntityKind]] = {"PER": "person", "ORG": "organisation", "LOC": "place"}
_STOPS: Final = frozenset(".!?…\n")
_LOWER, _UPPER, _DIGIT = (
    re.compile(r"[^\W\d_A-ZÀ-ÖØ-ÞА-ЯІЇЄҐ]+"),
    re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯІЇЄҐ]+"),
    re.compile(r"\d+"),
)


def load() -> None:
    """Read the models."""
    for language in LEAST:
        _tagger(language)


@cache
def _tagger(language: str) -> "pycrfsuite.Tagger":
    tagger = pycrfsuite.Tagger()
    tagger.open(str(gazetteer.verified(f"names-{language}.crfsuite")))
    return tagger


def names(words: Sequence[Word], language: str) -> Iterator[Found]:
    """What the model finds, with its own probability; never across sentences."""
    tagger = _tagger(language)
    read = [word for word in words if word.end <= READ]
    for sentence in sentences(read):
        labels = tagger.tag([features(sentence, at) for at in range(len(sentence))])
        for start, end, label in spans(labels):
            sure = min(tagger.marginal(labels[at], at) for at in range(start, end))
            if sure >= LEAST[language]:
                begin, stop = sentence[start].start, sentence[end - 1].end
                yield Found(begin, stop, KINDS[label], round(0.5 + 0.4 * sure, 3), "crf")


def sentences(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words of one sentence after the other; line ends are none of them."""
    start = 0
    for at, word in enumerate(words):
        stop = word.text[0] in _STOPS
        if stop or at - start >= LONGEST:
            end = at if word.text[0] == "\n" else at + 1
            if end > start:
                yield words[start:end]
            start = at + 1
    if start < len(words):
        yield words[start:]


def spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First word, the one after the last, and label of each name."""
    start, kind = 0, ""
    for at, label in enumerate((*labels, "O")):
        if kind and label != f"I-{kind}":
            yield start, at, kind
            kind = ""
        if label[0] == "B" or (label[0] == "I" and not kind):
            start, kind = at, label[2:]


def features(sentence: Sequence[Word], at: int) -> list[str]:
    """What is seen of a word: itself, its ends and shape, what lists say of it, and its neighbours."""
    found = [*_own(sentence[at].text), f"at={min(at, 2)}"]
    for step, name in ((-1, "-1"), (1, "+1")):
        found += _near(sentence[at + step].text, name) if 0 <= at + step < len(sentence) else [f"{name}=none"]
    for step, name in ((-2, "-2"), (2, "+2")):
        if 0 <= at + step < len(sentence):
            found.append(f"{name}={_kept(sentence[at + step].text)}")
    return found


@lru_cache(8_192)
def _shape(text: str) -> str:
    return _DIGIT.sub("9", _LOWER.sub("a", _UPPER.sub("A", text)))[:8]


def _kept(text: str) -> str:
    return text.lower()[:24]


def _own(text: str) -> tuple[str, ...]:
    """What is seen of the word itself."""
    low = _kept(text)
    return (
        f"0={low}", f"0s={_shape(text[:40])}", f"0b={low[:3]}", f"0c={low[:5]}", f"0e={low[-3:]}", f"0f={low[-5:]}",
        f"0l={min(len(low), 12)}", *_listed(text, "0"),
    )  # fmt: skip


def _near(text: str, name: str) -> tuple[str, ...]:
    """What is seen of a word beside it."""
    low = _kept(text)
    return f"{name}={low}", f"{name}s={_shape(text[:40])}", f"{name}e={low[-3:]}", *_listed(text, name)


def _listed(text: str, name: str) -> tuple[str, ...]:
    """What the gazetteer says of a word with a capital."""
    if not text[0].isupper():
        return ()
    person = gazetteer.person(text)
    known = [f"{name}p={person[0]}"] if person else []
    if gazetteer.is_place(text):
        known.append(f"{name}g")
    return tuple(known)

"""A MinHash of the body's word shingles, cut into bands: two near copies share at least one band.

128 permutations in 16 bands of 8: texts that share 80 % of their shingles meet in a band with probability .95,
and texts that share 40 % with .01 (1 - (1 - s^8)^16).
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rensa import RMinHash

from services.enrich.steps.step import NothingToDo, Step
from shared.contracts import EnrichedArticle

PERMUTATIONS: Final = 128
BANDS: Final = 16
SHINGLE: Final = 5
"""Words to a shingle."""
WORDS_READ: Final = 20_000
"""Words of a body that count; the longest reportage has fewer."""
LETTERS_READ: Final = 100_000
"""Characters of a script without spaces that count."""
SEED: Final = 20240607
"""Any number, but always the same: fingerprints are compared across versions."""


def shingles(text: str) -> Iterator[str]:
    """Runs of five words, case folded; of a text without that many words, its characters' runs of five."""
    words = text.casefold().split()[:WORDS_READ]
    if len(words) < SHINGLE * 2:  # a script without spaces, or very little text
        words = list("".join(words)[:LETTERS_READ])
    for start in range(len(words) - SHINGLE + 1):
        yield " ".join(words[start : start + SHINGLE])


def fingerprint(article: EnrichedArticle) -> Mapping[str, Any]:
    """`minhash`: 16 bands of 16 hexadecimal digits, each with its place in front."""
    runs = list(shingles(article.body))
    if not runs:
        raise NothingToDo("no text to fingerprint")
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(runs)
    return {"minhash": tuple(_bands(minhash.digest()))}


def _bands(digest: list[int]) -> Iterator[str]:
    rows = PERMUTATIONS // BANDS
    for band in range(BANDS):
        values = b"".join(value.to_bytes(4, "big") for value in digest[band * rows : (band + 1) * rows])
        yield f"{band:02d}-{hashlib.blake2b(values, digest_size=8).hexdigest()}"


STEP: Final = Step("fingerprint", "rminhash-128/16-2", frozenset({"minhash"}), fingerprint, cost=0.4)

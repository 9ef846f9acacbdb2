"""Words as several steps count them. Pure."""

import re
from itertools import pairwise
from typing import Final

WORD: Final = re.compile(r"\w+(?:['’ʼ]\w+)*")
UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages written without spaces between words."""


def words(text: str, language: str | None = None) -> list[str]:
    """The words of a text, case folded; of a language without spaces, its characters in pairs."""
    folded = text.casefold()
    if language in UNSPACED:
        letters = [char for char in folded if char.isalnum()]
        return [a + b for a, b in pairwise(letters)]
    return WORD.findall(folded)

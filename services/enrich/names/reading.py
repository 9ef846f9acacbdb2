"""A text as the rules see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.enrich.names.lexicon import Lexicon, of
from services.enrich.names.text import Found, Word
from shared.contracts.enriched import EntityKind


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the rules see it: its words, its language, and the words of that language."""

    words: Sequence[Word]
    language: str
    lexicon: Lexicon

    @classmethod
    def of(cls, words: Sequence[Word], language: str) -> "Reading":
        """Words of a text in a language."""
        return cls(words, language, of(language))

    def text(self, start: int, end: int) -> str:
        """Words joined by single spaces."""
        return " ".join(word.text for word in self.words[start:end]).replace("' ", "'").replace("’ ", "’")

    def before(self, at: int, back: int = 1) -> str:
        """The word before, in small letters; empty at the start of a sentence."""
        place = at - back
        return self.words[place].text.lower() if place >= 0 and not self.words[at].first else ""

    def span(self, start: int, end: int, kind: EntityKind, confidence: float, rule: str) -> Found:
        """A find of the words `start` to `end`."""
        return Found(self.words[start].start, self.words[end - 1].end, kind, confidence, rule)

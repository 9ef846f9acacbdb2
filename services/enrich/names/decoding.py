"""Entities out of a spaCy model's numbers: what `EntityRecognizer.predict` does, at an eighth of its CPU.

spaCy's own loop asks of each token for each of 74 moves whether it is allowed, and since its move to Cython 3 takes
and releases Python's lock several times for each answer: more than all multiplications of the model. What the model
says of a token outside of entities does not depend on what was decided before, so that it is one multiplication for
all tokens; only tokens within an entity are looked at one after the other. A test compares the two on many texts.
"""

from collections.abc import Iterator
from math import inf
from typing import Any, Final

from services.enrich.names.vectors import Vectors

BEGIN, IN, LAST, UNIT, OUT = "B-", "I-", "L-", "U-", "O"
FEATURES: Final = 3
"""Of a state: the token, the first one of its entity, and the one before it within the entity."""
PIECES: Final = 2
"""Sums of which the largest counts."""


class Decoder:
    """The entity recogniser of a pipeline that sets no sentences and no entities before it."""

    def __init__(self, recogniser: Any) -> None:
        model = recogniser.model
        vectors, self._features, upper = (model.get_ref(name) for name in ("tok2vec", "lower", "upper"))
        self._bias, self._pad = self._features.get_param("b"), self._features.get_param("pad")[0]
        self._weights, self._constants = upper.get_param("W"), upper.get_param("b")
        moves = [recogniser.moves.get_class_name(number) for number in range(recogniser.moves.n_moves)]
        made = (self._features.get_dim("nF"), self._features.get_dim("nP"))
        if made != (FEATURES, PIECES) or model.attrs["unseen_classes"]:
            raise ValueError("a model of another make than the decoder knows")
        self._vectors = Vectors(vectors)
        self._moves: list[str] = moves
        self._number = {move: number for number, move in enumerate(moves)}
        self._begins = [number for number, move in enumerate(moves) if move.startswith(BEGIN)]
        self._units = [number for number, move in enumerate(moves) if move.startswith(UNIT)]
        self._never = [number for number, move in enumerate(moves) if move[:2] in {IN, LAST} or move == UNIT]

    def entities(self, doc: Any) -> Iterator[tuple[int, int, str]]:
        """First token, the one after the last, and label of each entity, in their order."""
        if not len(doc):
            return
        seen = self._features.predict(self._vectors.of(doc))  # its first row stands for no token
        moves, at = self._outside(doc, seen), 0
        while at < len(doc):
            move, start = self._moves[moves[at]], at
            if move.startswith(BEGIN):
                at = self._last(seen, start, move[2:])
            at += 1
            if move != OUT:
                yield start, at, move[2:]

    def _outside(self, doc: Any, seen: Any) -> list[int]:
        """The best move of each token if no entity is open there."""
        scores = self._scored(seen[1:, 0] + self._pad[1] + self._pad[2])
        scores[:, self._never] = -inf
        scores[-1, self._begins] = -inf
        for space in doc.to_array("IS_SPACE").nonzero()[0]:
            scores[space, self._begins + self._units] = -inf
        best: list[int] = scores.argmax(axis=1).tolist()
        return best

    def _last(self, seen: Any, start: int, label: str) -> int:
        """The last token of the entity that begins at `start`."""
        within, last = self._number[IN + label], self._number[LAST + label]
        for at in range(start + 1, len(seen) - 2):
            scores = self._scored(seen[at + 1, 0] + seen[start + 1, 1] + seen[at, 2])
            if scores[last] > scores[within]:
                return at
        return len(seen) - 2

    def _scored(self, summed: Any) -> Any:
        """The score of each move, from the sums of features."""
        sums = summed + self._bias
        # numpy's own `max` over so short an axis takes twenty times as long.
        largest = sums[..., 0].clip(min=sums[..., 1])
        return largest @ self._weights.T + self._constants

"""Vectors of a text's tokens: the layers of a spaCy model, composed once into plain multiplications.

thinc asks some fifty layers for each text, and each prepares to be trained, too: a quarter of what a short text takes
in a model this small. The same numbers come out; a test compares the two on many texts.
"""

from typing import Any, Final, NamedTuple

_EMBEDDED: Final = "|".join(["ints-getitem>>hashembed"] * 4)
_DENSE: Final = "maxout>>layernorm>>dropout"
_ENCODED: Final = ">>".join([f"residual(expand_window>>{_DENSE})"] * 4)
MAKE: Final = (
    f"extract_features>>list2ragged>>with_array({_EMBEDDED})>>with_array({_DENSE})>>ragged2list>>"
    f"with_array({_ENCODED})>>list2array>>linear"
)
"""The layers of spaCy's small models, as thinc names them."""
_LEAST: Final = 1e-8
"""Added to a variance, which may be 0."""


class Dense(NamedTuple):
    """Maxout and layernorm: of some sums the largest, all of a token brought to mean 0 and variance 1 and scaled."""

    ops: Any
    weights: Any
    bias: Any
    scale: Any
    shift: Any

    @classmethod
    def of(cls, chain: Any) -> "Dense":
        """From a chain of both and a dropout, which does nothing here."""
        maxout, norm = chain.layers[0].layers
        return cls(chain.ops, maxout.get_param("W"), maxout.get_param("b"), norm.get_param("G"), norm.get_param("b"))

    def __call__(self, rows: Any) -> Any:
        """A row for each."""
        width, pieces, _ = self.weights.shape
        summed = rows @ self.weights.reshape(width * pieces, -1).T
        summed += self.bias.reshape(-1)
        found = self.ops.maxout(summed.reshape(-1, width, pieces))[0]
        found -= found.sum(axis=1, keepdims=True) / width
        variance = (found * found).sum(axis=1, keepdims=True) / width + _LEAST
        found *= variance**-0.5
        found *= self.scale
        found += self.shift
        return found


class Vectors:
    """What the model's `predict` gives for a text by itself."""

    def __init__(self, model: Any) -> None:
        if model.name != MAKE:
            raise ValueError("a model of another make than these layers")
        tokens, _, linear = model.layers
        embedding, encoding = tokens.layers
        extract, _, hashed, mixed, _ = embedding.layers
        encoded = [residual.layers[0].layers for residual in encoding.layers[0].layers]
        self._ops, self._columns = model.ops, extract.attrs["columns"]
        tables = [each.layers[1] for each in hashed.layers[0].layers]
        self._tables = [(each.get_param("E"), each.attrs["seed"]) for each in tables]
        self._mixed = Dense.of(mixed.layers[0])
        self._encoded = [(window.attrs["window_size"], Dense.of(dense)) for window, dense in encoded]
        self._pad: int = encoding.attrs["pad"]
        self._weights, self._constants = linear.get_param("W"), linear.get_param("b")

    def of(self, doc: Any) -> Any:
        """A row for each token; there is at least one."""
        rows = self._around(self._mixed(self._embedded(doc)))
        return rows @ self._weights.T + self._constants

    def _embedded(self, doc: Any) -> Any:
        """Each token by itself: the sums of what its form, beginning, end and shape hash to."""
        ops, columns = self._ops, doc.to_array(self._columns).T
        return ops.xp.hstack([ops.gather_add(table, ops.hash(ops.as_contig(keys), seed) % len(table))
                              for (table, seed), keys in zip(self._tables, columns, strict=True)])  # fmt: skip

    def _around(self, tokens: Any) -> Any:
        """Each token with those around it, with nothing before the first and after the last."""
        rows = self._ops.alloc2f(len(tokens) + 2 * self._pad, tokens.shape[1])
        rows[self._pad : -self._pad] = tokens
        for window, dense in self._encoded:
            rows += dense(self._ops.seq2col(rows, window))
        return rows[self._pad : -self._pad]

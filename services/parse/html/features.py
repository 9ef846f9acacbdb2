# ruff: noqa: PLR2004, RUF001 -- the features are thresholds; marks and words are those of their languages
"""What can be seen of a run of text without reading it, as numbers. Pure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.parse.html.blocks import PLACES, Around, Run
from services.parse.html.hints import HINTS

TAGS: Final = ("p", "h1", "h2", "h3", "h4", "li", "blockquote", "td", "figcaption", "div", "pre", "dd", "button")
SHINGLE: Final = 3
"""Tokens of a shingle, by which a run is found in another reading of the page."""
_TOKEN: Final = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_STOP: Final = re.compile(r"[.!?…。！？۔।؟]")
_COMMA: Final = re.compile(r"[,、，،;]")
_LAST: Final = ".!?…。！？”\"»')؟।"
_DIGIT: Final = re.compile(r"\d")
_TIME: Final = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d\d\b")
_OFFER: Final = re.compile(
    r"subscribe|newsletter|sign (?:up|in)|log in|read (?:more|next|also)|also read|see also|more from|follow us"
    r"|copyright|all rights|advertis|cookie|getty|click here|share (?:th|on)|join us|download the|terms of|privacy"
    r"|contact us|(?:photo|image|credit):|related|recommended|you may|min read|updated|published|comments?\b"
    r"|whatsapp|telegram|facebook|twitter|instagram|youtube|abonn|inscri|suscr|assine|iscriv|подпис|підпис|читайте|фото|ещё|também"
    r"|leia|lire|lesen|mehr zum|zdj|czytaj|okuyun|©|®|广告|订阅|責任編輯|责任编辑|편집|기자|무단|저작권|関連"
)
_DESK: Final = re.compile(
    r"(?:this|the) (?:article|story|post) (?:was|has been|originally|is)|contributed to this"
    r"|(?:is|was) an? [\w ,'-]{0,40}(?:reporter|editor|writer|journalist|correspondent|author|professor"
    r"|columnist|contributor|founder)"
    r"|reporting by|editing by|editor's note|correction|disclosure|disclaimer|(?:email|reach) (?:him|her|us|them)"
    r"|follow (?:him|her)|associated press|opinions? expressed|affiliate|commission|@\w{1,40}\.\w"
)
SAID_IN: Final = 160
"""Characters at a run's start in which it says that it is no part of the article."""
PROSE_TOKENS: Final = 12
PROSE_LINKED: Final = 0.4
WEIGHT_UP: Final = (1.0, 0.6, 0.36, 0.2)
"""What a sentence counts for the element it stands in, and for those around it."""

OWN: Final = (
    "tokens", "prose", "stops", "linked", "tag p", "share of best", "offer", "in declared", "in extract",
    "few", "many", "middling", "very few", "all linked", "half linked", "links", "ends sentence", "ends colon",
    "commas", "digits", "small start", "capitals", "question", "short with time", "short offer", "desk", "bars",
    "depth", "place", "place squared", "after headline", "distance", "is headline", "repeated", "says headline",
    "in summary", "share around", "is best", "prose in best", "hidden", "declared body",
    "none declared", "not in declared", "none extracted",
    *(f"tag {name}" for name in TAGS[1:]), *(f"in {name}" for name in PLACES),
    *(f"near {name}" for name in HINTS), *(f"far {name}" for name in HINTS),
)  # fmt: skip
CONTEXT: Final = 9
"""So many of the first of OWN are also taken from the runs before and after."""
WINDOW: Final = 4

IN_EXTRACT: Final = OWN.index("in extract")
_NONE_EXTRACTED: Final = OWN.index("none extracted")

Row = Sequence[float]
Shingles = set[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Readings:
    """What the page says of itself: its headline, its summary and its declared body."""

    headline: str
    summary: str
    declared: str


def tokens(text: str) -> list[str]:
    """Words, and single characters of scripts without spaces."""
    return _TOKEN.findall(text)


def shingled(found: Sequence[str]) -> Shingles:
    """Every three tokens in a row."""
    return set(zip(found, found[1:], found[2:], strict=False))


def share(found: Sequence[str], known: Shingles) -> float | None:
    """The share of a run's shingles that are in `known`; None for a run of less than three tokens."""
    if len(found) < SHINGLE:
        return None
    return sum(map(known.__contains__, zip(found, found[1:], found[2:], strict=False))) / (len(found) - 2)


def features(runs: Sequence[Run], readings: Readings) -> tuple[list[list[float]], list[list[str]]]:
    """A row of `OWN` for each run, and its tokens; what another reading has is not yet in it: see `beside`."""
    words = [tokens(run.text) for run in runs]
    page = _Page(runs, words, readings)
    return [page.row(number) for number in range(len(runs))], words


def beside(rows: Sequence[Row], words: Sequence[Sequence[str]], extract: str) -> list[list[float]]:
    """The same rows with what another extractor's text has of each run; of a very short one, whether as a line."""
    known, lines = shingled(tokens(extract)), {" ".join(tokens(line)) for line in extract.split("\n")} - {""}
    found = [list(row) for row in rows]
    for row, each in zip(found, words, strict=True):
        had = share(each, known)
        row[IN_EXTRACT] = float(" ".join(each) in lines) if had is None else had
        row[_NONE_EXTRACTED] = float(not known)
    return found


class _Page:
    """What the rows of a page share."""

    def __init__(self, runs: Sequence[Run], words: list[list[str]], readings: Readings) -> None:
        self.runs, self.words = runs, words
        self.starts = [0]
        for each in words:
            self.starts.append(self.starts[-1] + len(each))
        self.title = [each.casefold() for each in tokens(readings.headline)]
        declared, summary = tokens(readings.declared), tokens(readings.summary)
        self.declared: Shingles = shingled(declared) if len(declared) > 60 else set()
        self.summary: Shingles = shingled(summary) if len(summary) > 4 else set()
        self.prose = [_is_prose(run, each) for run, each in zip(runs, words, strict=True)]
        self.best = self._count_prose()
        self.head = self._headline()
        self.seen: set[str] = set()

    def _count_prose(self) -> float:
        """Count sentences for the elements around them; the most of any."""
        best = 1.0
        for run, words, prose in zip(self.runs, self.words, self.prose, strict=True):
            for weight, around in zip(WEIGHT_UP, _containers(run.around) if prose else (), strict=False):
                around.prose += weight * len(words)
                best = max(best, around.prose)
        return best

    def _headline(self) -> int:
        heads = [number for number, run in enumerate(self.runs) if run.around.tag == "h1"]
        said = [number for number in heads if [each.casefold() for each in self.words[number]] == self.title]
        return next(iter(said or heads), 0)

    def row(self, number: int) -> list[float]:
        """The numbers of one run, as `OWN` names them."""
        run, words = self.runs[number], self.words[number]
        around, start = run.around, run.text[:SAID_IN].lower()
        offer, linked = _OFFER.search(start) is not None, min(1.0, run.linked / len(run.text))
        holders = [each.prose / self.best for each in _containers(around)]
        in_best = holders[0] if holders else 0.0
        in_declared = share(words, self.declared) if self.declared else None
        stops = min(len(_STOP.findall(run.text)), 5) / 5
        return [
            math.log1p(len(words)), self.prose[number], stops, linked, around.tag == "p", in_best, offer,
            in_declared or 0.0, 0.0,
            *_size(run, len(words), linked), *_shape(run.text), *_said(run.text, start, len(words), offer=offer),
            *self._place(number),
            (share(words, self.summary) or 0.0) if self.summary else 0.0,
            max(holders, default=0.0), in_best > 0.99, self.prose[number] * in_best,
            around.hidden, around.declared, not self.declared, in_declared is not None and in_declared < 0.3,
            0.0, *flags(around.tag, around.places, around.near, around.hints & ~around.near),
        ]  # fmt: skip

    def _place(self, number: int) -> list[float]:
        """Where in the page a run stands, counted in words, and whether it repeats what was said."""
        words, key = self.words[number], " ".join(self.words[number])
        repeated = key in self.seen
        self.seen.add(key)
        place = self.starts[number] / (self.starts[-1] or 1)
        distance = math.log1p(abs(self.starts[number] - self.starts[self.head])) / 8
        says = len(words) == len(self.title) > 0 and [each.casefold() for each in words] == self.title
        return [
            min(self.runs[number].around.depth, 30) / 30, place, place * place, number > self.head,
            distance if number >= self.head else -distance, number == self.head, repeated, says,
        ]  # fmt: skip


def _size(run: Run, count: int, linked: float) -> list[float]:
    return [
        min(count, 10) / 10, count > 40, 15 < count <= 40, count <= 5,
        linked > 0.9, linked > 0.5, min(run.links, 5) / 5,
    ]  # fmt: skip


def _shape(text: str) -> list[float]:
    return [
        text[-1] in _LAST, text[-1] == ":", min(len(_COMMA.findall(text)), 5) / 5,
        len(_DIGIT.findall(text)) / len(text), text[0].islower(), text.isupper(), "?" in text,
    ]  # fmt: skip


def _said(text: str, start: str, count: int, *, offer: bool) -> list[float]:
    return [
        count < 15 and _TIME.search(text) is not None, offer and count < 15,
        _DESK.search(start) is not None, "|" in text or "•" in text,
    ]  # fmt: skip


@lru_cache(maxsize=16_384)
def flags(tag: str, places: int, near: int, far: int) -> tuple[float, ...]:
    """What the elements around a run say, a number for each of the last of `OWN`."""
    return (
        *(float(tag == name) for name in TAGS[1:]),
        *_bits(places, len(PLACES)),
        *_bits(near, len(HINTS)),
        *_bits(far, len(HINTS)),
    )


def _bits(known: int, count: int) -> list[float]:
    return [float(known >> number & 1) for number in range(count)]


def _containers(around: Around) -> list[Around]:
    """The elements that hold a run: not its own paragraph."""
    found: list[Around] = []
    each = around.parent if around.tag in {"p", "li", "h2", "h3", "blockquote"} else around
    while each is not None and len(found) < len(WEIGHT_UP):
        found.append(each)
        each = each.parent
    return found


def _is_prose(run: Run, words: Sequence[str]) -> bool:
    return len(words) >= PROSE_TOKENS and run.linked < PROSE_LINKED * len(run.text) and bool(_STOP.search(run.text))

"""The article's text as paragraphs with their kinds: the model's reading, and others where it is unsure."""

import html as entities
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from lxml import html
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from services.parse.clean import clean_text
from services.parse.findings import Draft
from services.parse.html.blocks import Around, Run, runs_of
from services.parse.html.chosen import Choice, choose
from services.parse.html.clues import Clues
from services.parse.html.features import Readings, beside, features
from services.parse.html.model import Sight, trained
from services.parse.html.vote import AGREED, agreement, central
from services.parse.tree import Element
from services.parse.words import count_words
from shared.contracts import Block, BlockKind, EvidenceSource

ALONE: Final = "one reading, the model's: so much of it is the article's by its own likelihoods"
AGREEING: Final = "two readings, the model's and trafilatura's, that agree so far: the model's"
DIFFERING: Final = "four readings that differ, and the one that is most like the others"
"""What the evidence says of how a body was found; its confidence is the number that each speaks of."""
NAMES: Final = ("the model's", "the model's with trafilatura's", "trafilatura's fast one", "trafilatura's thorough one")
SEPARATOR: Final = "\n\n"
_KINDS: Final[dict[str, BlockKind]] = {"head": "heading", "list": "list", "quote": "quote", "table": "table"}
_ELEMENTS: Final[dict[str, BlockKind]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dd", "dt"), "list"),
    **dict.fromkeys(("td", "th", "caption"), "table"),
    **dict.fromkeys(("figcaption", "figure"), "caption"),
    "blockquote": "quote",
}
_TRANSPARENT: Final = frozenset({"p", "div", "section", "pre"})
"""What may stand between a run and the element that says what it is."""
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n[\s]*")


class Passage(NamedTuple):
    """A part of the body, without blank lines inside."""

    kind: BlockKind
    text: str
    rule: str


class Reading(NamedTuple):
    """What was taken for the article's text, how far it is to be believed, 0 to 1, by which rule, and from where."""

    passages: list[Passage]
    confidence: float
    rule: str
    source: EvidenceSource = "html"


def read_body(draft: Draft, clues: Clues) -> Reading:
    """The page's text: as the model reads it where it is sure, else what further readings say for or against it."""
    runs = runs_of(clues.tree)
    rows, words = features(runs, known_of(draft, clues))
    first = model_choice(runs, rows, words, "alone")
    alone = joined(first.runs)
    if first.is_enough:
        return Reading(alone, first.sure, ALONE)
    extract = extracted(clues.tree, fast=True)
    second = model_choice(runs, beside(rows, words, text_of_passages(extract)), words, "beside")
    return settled(alone, joined(second.runs), extract, lambda: extracted(clues.tree))


def model_choice(runs: list[Run], rows: list[list[float]], words: list[list[str]], sight: Sight) -> Choice:
    """The runs that the model takes."""
    model = trained(sight)
    likely = model.probabilities(rows, [len(each) for each in words])
    return choose(runs, rows, words, likely, model.threshold)


def settled(
    alone: list[Passage], second: list[Passage], extract: list[Passage], full: Callable[[], list[Passage]]
) -> Reading:
    """One reading of several: the model's second if trafilatura's `extract` is much like it, else the most central.

    `alone`: the model's without the extract; `full`: gives trafilatura's thorough one, which takes twice the time.
    """
    agreed = agreement(text_of_passages(second), text_of_passages(extract))
    if agreed >= AGREED:
        return Reading(second, agreed, AGREEING)
    readings = [alone, second, extract, full()]
    texts = [text_of_passages(each) for each in readings]
    taken = central(texts)
    others = [agreement(texts[taken], text) for number, text in enumerate(texts) if number != taken]
    return Reading(readings[taken], sum(others) / len(others), f"{DIFFERING}: {NAMES[taken]}")


def known_of(draft: Draft, clues: Clues) -> Readings:
    """What the page's runs are compared with."""
    headline, summary = (str(draft.fields.get(name, "")) for name in ("headline", "summary"))
    return Readings(headline, summary, _TAG.sub("\n", declared_body(clues)))


def declared_body(clues: Clues) -> str:
    """The articleBody that the page declares, empty if it does not."""
    declared = clues.linked.get("articleBody")
    return declared if isinstance(declared, str) else ""


def text_of_passages(passages: list[Passage]) -> str:
    """Their texts, a line each."""
    return "\n".join(each.text for each in passages)


def count_passages(passages: list[Passage]) -> int:
    """Their words."""
    return sum(count_words(each.text) for each in passages)


def joined(runs: Iterable[Run]) -> list[Passage]:
    """Runs as passages: items of one list and cells of one table are one."""
    found: list[Passage] = []
    last: Around | None = None
    for run in runs:
        kind = kind_of(run.around)
        text, holder = tidy(run.text), _holder(run.around, kind)
        if found and last is holder and kind in {"list", "table"} and found[-1].kind == kind:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{text}")
        elif text:
            found.append(Passage(kind, text, f"model: {run.around.tag}"))
        last = holder
    return found


def kind_of(around: Around) -> BlockKind:
    """What a run of the body is, by the element it stands in."""
    each: Around | None = around
    while each is not None and each.tag:
        if kind := _ELEMENTS.get(each.tag):
            return kind
        each = each.parent if each.tag in _TRANSPARENT else None
    return "paragraph"


def _holder(around: Around, kind: BlockKind) -> Around | None:
    """The list or table that a run stands in."""
    wanted = {"list": {"ul", "ol"}, "table": {"table"}}.get(kind, set[str]())
    each: Around | None = around
    while each is not None and each.tag not in wanted:
        each = each.parent
    return each


def put_body(draft: Draft, found: Reading) -> None:
    """Put passages as the body, and one block for each of them and for each blank line between."""
    body = SEPARATOR.join(passage.text for passage in found.passages)
    rule = found.rule if found.passages else "nothing found"
    draft.put("body", body, found.source, rule, found.confidence, "")
    draft.confidence = found.confidence
    draft.blocks = list(blocks(found.passages))


def blocks(passages: list[Passage]) -> Iterator[Block]:
    """Each character of the joined passages in exactly one block, in order."""
    start = 0
    for number, passage in enumerate(passages):
        if number:
            yield Block(kind="blank", start=start, end=start + len(SEPARATOR), rule="between passages")
            start += len(SEPARATOR)
        yield Block(kind=passage.kind, start=start, end=start + len(passage.text), rule=passage.rule)
        start += len(passage.text)


@cache  # made of settings that are text, in a fiftieth of the time that a short page takes
def _options(*, fast: bool) -> Extractor:
    return Extractor(output_format="python", fast=fast, comments=False)


def extracted(tree: html.HtmlElement, *, fast: bool = False) -> list[Passage]:
    """What trafilatura takes for the article's text, in order; nothing when it finds none."""
    try:
        document = bare_extraction(tree, options=_options(fast=fast))
    except (ValueError, AttributeError, TypeError, IndexError):  # its own faults on odd trees: the page has no body
        return []
    body = getattr(document, "body", None)
    if body is None:
        return []
    top = [Passage("paragraph", tidy(body.text or ""), "trafilatura p")]
    return [passage for passage in (*top, *(_passage(each) for each in body)) if passage.text]


def _passage(element: Element) -> Passage:
    kind = _KINDS.get(str(element.tag), "paragraph")
    parts = list(element.iter("item", "row")) or list(element.iter("p")) if kind != "paragraph" else []
    text = "\n".join(tidy(_text(part)) for part in parts) if parts else _text(element)
    return Passage(kind, tidy(text + (element.tail or "")), f"trafilatura {element.tag}")


def _text(element: Element) -> str:
    """An element's text, with a line feed for each break and a space between cells.

    Beside breaks, line feeds are those of the page's source and mean nothing; elsewhere trafilatura made them.
    """
    broken = element.find("lb") is not None
    pieces: list[str] = [_flat(element.text, broken)]
    for child in element:
        mark = "\n" if child.tag == "lb" else " " if child.tag == "cell" else ""
        pieces += [mark, _text(child), _flat(child.tail, broken)]
    return "".join(pieces)


def _flat(text: str | None, broken: bool) -> str:  # noqa: FBT001 - private, and the caller's own word
    return (text or "").replace("\n", " ") if broken else text or ""


def tidy(text: str) -> str:
    """`text` in NFC with single spaces and no blank lines."""
    folded = _LINES.sub("\n", _SPACES.sub(" ", clean_text(text)))
    return unicodedata.normalize("NFC", folded).strip()


def without_headline(passages: list[Passage], headline: str) -> list[Passage]:
    """The passages without the headline that often opens them."""
    opens = bool(passages) and passages[0].text.casefold() == headline.casefold()
    return passages[1:] if opens else passages


def declared_passages(declared: str) -> list[Passage]:
    """The paragraphs of a declared articleBody."""
    plain = entities.unescape(_TAG.sub("\n", declared))
    return [Passage("paragraph", text, "articleBody") for each in plain.splitlines() if (text := tidy(each))]

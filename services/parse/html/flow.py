"""The text of a part of a page as its paragraphs, headings, lists, quotes and tables in order."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from services.parse.clean import clean_line
from services.parse.html.body import Passage, tidy
from services.parse.publishers.selectors import outermost
from services.parse.tree import Element
from shared.contracts import BlockKind

_KINDS: Final[dict[str, BlockKind]] = {
    "p": "paragraph", "pre": "paragraph", "dl": "list", "ul": "list", "ol": "list", "blockquote": "quote",
    "table": "table", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading",
}  # fmt: skip
"""Elements that are one passage each."""
_PARTS: Final = {"list": ("li", "dt", "dd"), "table": ("tr",), "quote": ("p",)}
_INLINE: Final = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_SILENT: Final = frozenset(
    {
        "aside", "audio", "button", "canvas", "dialog", "figure", "footer", "form", "head", "iframe", "img", "input",
        "link", "meta", "nav", "noscript", "object", "picture", "script", "select", "style", "svg", "template",
        "textarea", "video",
    }
)  # fmt: skip
"""Elements whose text, if any, is not the article's."""

_UNSEEN: Final = frozenset({"head", "iframe", "noscript", "object", "script", "style", "svg", "template"})


def passages(element: Element, rule: str) -> Iterator[Passage]:
    """The passages of an element: itself when it is one, else those inside of it and the runs of text between."""
    tag = str(element.tag)
    if kind := _KINDS.get(tag):
        yield from _whole(element, kind, rule)
        return
    if tag in _SILENT:
        return
    run = [element.text or ""]
    for child in element:
        if _is_inline(child):
            run.append(_inline(child))
        else:
            yield from _run(run, rule)
            yield from passages(child, rule)
            run = []
        run.append(child.tail or "")
    yield from _run(run, rule)


def _is_inline(element: Element) -> bool:
    tag = str(element.tag)
    return tag in {"br", *_SILENT} or (tag in _INLINE and all(_is_inline(each) for each in element))


def _whole(element: Element, kind: BlockKind, rule: str) -> Iterator[Passage]:
    parts = outermost(list(element.iter(*_PARTS[kind]))) if kind in _PARTS else []
    lines = [tidy(_inline(part)) for part in parts]
    yield from _run(["\n".join(line for line in lines if line)] if lines else [_inline(element)], rule, kind)


def _run(pieces: list[str], rule: str, kind: BlockKind = "paragraph") -> Iterator[Passage]:
    """Passages of a run of text: two breaks in a row end one."""
    whole = "".join(pieces)
    for each in whole.split("\n\n") if kind == "paragraph" else [whole]:
        if text := tidy(each):
            yield Passage(kind, text, rule)


def _inline(element: Element) -> str:
    """An element's text: a line feed for each break and none of the source's, a space between cells and blocks."""
    tag = str(element.tag)
    if tag in _SILENT:
        return ""
    if tag == "br":
        return "\n"
    pieces = [_flat(element.text)]
    for child in element:
        apart = "" if str(child.tag) in {"br", *_INLINE} else " "
        pieces += [apart, _inline(child), apart, _flat(child.tail)]
    return "".join(pieces)


def _flat(text: str | None) -> str:
    return " ".join(f"\0{text}\0".split()).replace("\0", "") if text else ""


class Shown(NamedTuple):
    """A line that a page shows. `element`: the innermost that its text begins in; `linked`: its characters in links."""

    text: str
    element: Element
    linked: int


class _Piece(NamedTuple):
    text: str
    element: Element
    in_link: bool


def shown_lines(tree: Element) -> Iterator[Shown]:
    """All that a page shows, a line for each run of text; what style sheets hide is among it."""
    run: list[_Piece] = []
    for piece in (*_pieces(tree), None):
        if piece is not None:
            run.append(piece)
        else:
            yield from _line(run)
            run = []


def _line(run: list[_Piece]) -> Iterator[Shown]:
    if line := tidy("".join(piece.text for piece in run)).replace("\n", " "):
        first = next((piece for piece in run if piece.text.strip()), run[0])
        yield Shown(line, first.element, sum(len(piece.text.strip()) for piece in run if piece.in_link))


def line_in(element: Element) -> str:
    """What an element shows, as one line."""
    return clean_line(" ".join(tidy(piece.text) for piece in _pieces(element) if piece and piece.text))


def shown_size(element: Element) -> int:
    """Characters that an element shows."""
    return sum(len(piece.text) for piece in _pieces(element) if piece)


def _pieces(element: Element, in_link: bool = False) -> Iterator[_Piece | None]:  # noqa: FBT001, FBT002 - private
    """The texts inside of an element, and None where a line ends."""
    tag = str(element.tag)
    if tag in _UNSEEN:
        return
    inside = in_link or tag == "a"
    end = [] if tag in _INLINE else [None]
    yield from end
    yield _Piece(_flat(element.text), element, inside)
    for child in element:
        yield from _pieces(child, inside)
        yield _Piece(_flat(child.tail), element, inside)
    yield from end

"""A page's text as the runs that a reader sees as one: paragraphs, headings, items, cells."""

from dataclasses import dataclass, field
from typing import Final

from services.parse.html.hints import hints_of
from services.parse.tree import Element

UNSEEN: Final = frozenset([
    "script", "style", "noscript", "template", "svg", "iframe", "select", "option", "input", "textarea", "canvas",
    "audio", "video", "object", "embed", "head", "meta", "link", "math", "map", "dialog", "datalist",
])  # fmt: skip
"""Elements without text of the article."""
APART: Final = frozenset([
    "html", "body", "p", "div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol",
    "blockquote", "table", "tbody", "thead", "tr", "td", "th", "figure", "figcaption", "header", "footer", "aside",
    "nav", "main", "dl", "dt", "dd", "pre", "address", "form", "fieldset", "details", "summary", "center", "hr",
    "caption", "menu", "button",
])  # fmt: skip
"""Elements that begin and end a run."""
PLACES: Final = (
    "article", "main", "aside", "nav", "header", "footer", "figure", "form", "table", "ul", "blockquote", "li",
)  # fmt: skip
_PLACE_BITS: Final = {name: 1 << number for number, name in enumerate(PLACES)} | {"ol": 1 << PLACES.index("ul")}


@dataclass(slots=True, eq=False)
class Around:
    """An element that begins a run, with what holds for everything in it.

    `near`: hints of it and of the two around it; `hints`, `places`: of all around it, as bits. `prose`: words of
    sentences in it, less for what is nested deeper.
    """

    tag: str
    parent: "Around | None"
    own: int
    near: int
    hints: int
    places: int
    hidden: bool
    declared: bool
    depth: int
    prose: float = 0.0


@dataclass(slots=True, eq=False)
class Run:
    """Text that a reader sees as one. `linked`: characters in links; `links`: their number."""

    around: Around
    text: str
    linked: int
    links: int


@dataclass(slots=True)
class _Walk:
    runs: list[Run] = field(default_factory=list[Run])
    pieces: list[str] = field(default_factory=list[str])
    linked: int = 0
    links: int = 0

    def end(self, around: Around) -> None:
        """End the run that is open, if it has text."""
        if not self.pieces:
            return
        if text := "".join(self.pieces).strip():
            self.runs.append(Run(around, text, self.linked, self.links))
        self.pieces.clear()
        self.linked = self.links = 0

    def add(self, text: str, linked: bool) -> None:  # noqa: FBT001 - private
        """Add text to the run that is open."""
        self.pieces.append(text.replace("\n", " "))
        if linked:
            self.linked += len(text.strip())

    def into(self, element: Element, around: Around, linked: bool) -> None:  # noqa: FBT001 - private
        """An element and everything in it; trees are at most 256 deep."""
        apart = element.tag in APART
        if apart:
            self.end(around)
            around = within(element, around)
        elif element.tag == "a":
            linked = True
            self.links += 1
        if text := element.text:
            self.add(text, linked)
        for child in element:
            if child.tag == "br":
                self.pieces.append("\n")
            elif child.tag not in UNSEEN:
                self.into(child, around, linked)
            if tail := child.tail:
                self.add(tail, linked)
        if apart:
            self.end(around)


def outermost() -> Around:
    """What is around a page: one for each, since words are counted for it."""
    return Around("", None, 0, 0, 0, 0, hidden=False, declared=False, depth=0)


def within(element: Element, parent: Around) -> Around:
    """The surroundings of what is in `element`."""
    name, known = str(element.tag), {str(key): str(value) for key, value in element.items()}
    own = hints_of(known.get("class", ""), known.get("id", "")) if known else 0
    second = parent.parent
    return Around(
        tag=name,
        parent=parent,
        own=own,
        near=own | parent.own | (second.own if second else 0),
        hints=parent.hints | own,
        places=parent.places | _PLACE_BITS.get(name, 0),
        hidden=parent.hidden or (bool(known) and is_hidden(known)),
        declared=parent.declared or "articleBody" in known.get("itemprop", ""),
        depth=parent.depth + 1,
    )


def is_hidden(attributes: dict[str, str]) -> bool:
    """Whether an element says that it is not shown."""
    style = attributes.get("style", "")
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("none" in style and "display:none" in style.replace(" ", "").lower())
    )


def runs_of(tree: Element) -> list[Run]:
    """The runs of a page in its order."""
    walk = _Walk()
    walk.into(tree, outermost(), False)  # noqa: FBT003 - private
    return walk.runs

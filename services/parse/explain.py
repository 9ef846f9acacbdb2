"""What became of each part of a page: the blocks of a text, and those of a tree found again in what it shows. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from services.parse.clean import clean_line
from services.parse.core import parse
from services.parse.findings import is_carried
from services.parse.html.beside import Fate, Surroundings, surroundings
from services.parse.html.clues import read_clues
from services.parse.html.flow import Shown, shown_lines
from services.parse.raw.document import RawDocument
from services.parse.times.reading import read_time
from services.parse.tree import Element
from shared.contracts import Block, BlockKind, Explained, ParsedArticle, Related

LONG: Final = 20
"""Characters from which on a line may stand inside of a passage, or a passage inside of a line."""
SHORT: Final = 80
"""Characters of a line that is a time and little else."""
A_DAY: Final = timedelta(days=1)
LINES_LIMIT: Final = 5_000


def explain(raw: RawDocument, *, now: datetime) -> Explained:
    """The article in a raw document beside the page's text.

    Raises:
        Skip, Poison: as `parse`.
    """
    article = parse(raw, now=now)
    if article.block_basis == "page":
        return Explained(article=article, page=raw.page.text, blocks=article.blocks)
    if raw.kind != "html":
        return Explained(article=article, page=article.body, blocks=article.blocks)
    clues = read_clues(raw.page)
    lines = list(_bounded(shown_lines(clues.tree), clues.tree))
    lines += _carried(article, lines, clues.tree)
    blocks = _blocks(lines, article, surroundings(clues, lines))
    return Explained(article=article, page="\n".join(line.text for line in lines), blocks=tuple(blocks))


def _bounded(lines: Iterator[Shown], tree: Element) -> Iterator[Shown]:
    yield from islice(lines, LINES_LIMIT)
    if next(lines, None):
        yield Shown(f"[more than {LINES_LIMIT} lines; the rest is not shown]", tree, 0)


def _carried(article: ParsedArticle, lines: list[Shown], tree: Element) -> list[Shown]:
    """The body's lines that no reader sees, since they are from the page's data, after a line that says so."""
    evidence = article.evidence.get("body")
    if not is_carried(evidence):
        return []
    seen = {clean_line(line.text) for line in lines}
    unseen = [line for line in article.body.split("\n") if line and clean_line(line) not in seen]
    note = f"[not shown, but in the page's data: {evidence.rule}]"
    return [Shown(line, tree, 0) for line in (note, *unseen)] if unseen else []


def _blocks(lines: list[Shown], article: ParsedArticle, around: Surroundings) -> Iterator[Block]:
    known, passages = _known(article), _passages(article)
    start = 0
    for number, line in enumerate(lines):
        text = clean_line(line.text)
        beside = around.fate(line)  # asked for every line: a label speaks of those after it
        own = None if line.element in around.taken else _time(text, article)
        kind, rule = known.get(text) or _inside(text, passages) or own or beside
        end = start + len(line.text) + (number + 1 < len(lines))
        yield Block(kind=kind, start=start, end=end, rule=rule)
        start = end


def _known(article: ParsedArticle) -> dict[str, Fate]:
    """What whole lines are: the body's first, since a line may be in a list beside the article, too."""
    found: dict[str, Fate] = {}
    for text, fate in (*_body_lines(article), *_field_lines(article)):
        found.setdefault(clean_line(text), fate)
    found.pop("", None)
    return found


def _body_lines(article: ParsedArticle) -> Iterator[tuple[str, Fate]]:
    for block in article.blocks:
        for line in article.body[block.start : block.end].split("\n"):
            yield line, Fate(block.kind, block.rule)


def _field_lines(article: ParsedArticle) -> Iterator[tuple[str, Fate]]:
    single: dict[str, BlockKind] = {
        "headline": "headline", "byline": "byline", "section": "section", "summary": "summary",
        "published_raw": "published", "dateline": "dateline",
    }  # fmt: skip
    for name, kind in single.items():
        yield getattr(article, name) or "", Fate(kind, name)
    for related in article.related:
        yield related.title, Fate(_side(related), "related")
    for author in article.authors:
        yield author.name, Fate("byline", "authors")
    for keyword in article.keywords:
        yield keyword, Fate("tags", "keywords")
    yield (article.image and article.image.caption) or "", Fate("caption", "image")


def _passages(article: ParsedArticle) -> list[tuple[str, Fate]]:
    beside = ((each.title, Fate(_side(each), "related")) for each in article.related)
    lines = [(clean_line(text, len(text)), fate) for text, fate in (*_body_lines(article), *beside)]
    return [(text, fate) for text, fate in lines if len(text) >= LONG]


def _inside(line: str, passages: list[tuple[str, Fate]]) -> Fate | None:
    """The passage that a long line is part of, or that is most of the line."""
    if len(line) < LONG:
        return None
    return next((fate for text, fate in passages if line in text or (text in line and 2 * len(text) > len(line))), None)


def _side(related: Related) -> BlockKind:
    return "related" if related.kind == "in_text" else related.kind


def _time(line: str, article: ParsedArticle) -> Fate | None:
    """A short line with the day on which the article was published."""
    if article.published_at is None or len(line) > SHORT or not any(map(str.isdecimal, line)):
        return None
    moment = read_time(line, observed_at=article.observed_at, language=article.declared_language)
    near = moment is not None and abs(moment.at - article.published_at) < A_DAY
    return Fate("published", "printed time") if near else None

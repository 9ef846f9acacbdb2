"""An explained article in the terminal. Kinds are named beside their colours: it reads the same without any."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from services.ctl.explain.findings import Finding, Piece, findings, pieces, steps
from services.ctl.explain.rows import Part, Row, origin, parts, rows
from services.ctl.output import printable
from shared.contracts import EnrichedArticle, Explained

NARROW: Final = 60
"""Columns below which a name stands over its text and not beside it."""
RUN: Final = 3
"""Lines that were left out are counted from this many on, and not shown."""
VALUE_LIMIT: Final = 1_000
RAW_LIMIT: Final = 200
SURE: Final = 0.8
UNSURE: Final = 0.5
_GROUP_STYLES: Final = {"article": "green", "about": "cyan", "beside": "yellow", "left out": "bright_black"}
_MARK_STYLES: Final = {"person": "green", "organisation": "cyan", "place": "magenta", "event": "blue"}
_KIND_STYLES: Final = {"headline": "bold cyan", "heading": "bold green", "advertisement": "red", "embed": "red"}


def show(console: Console, explained: Explained, enriched: EnrichedArticle | None = None) -> None:
    """Print it; with what enrichment found, where it was asked for."""
    article = explained.article
    console.print(Text(_safe(article.headline), style="bold"), soft_wrap=False)
    console.print(_pairs(console, [(name, Text(value, style="dim")) for name, value in origin(article)]))
    console.print(_rule("fields"))
    console.print(_pairs(console, [(row.name, _field(row)) for row in rows(article)]))
    console.print(_rule("page"))
    console.print(_pairs(console, list(_page(parts(explained)))))
    if enriched:
        console.print(_rule("found in the text"))
        console.print(_marked(pieces(enriched)))
        console.print()
        console.print(_pairs(console, [(name, _listed(found)) for name, found in findings(enriched)]))
        console.print(_rule("steps"))
        console.print(_pairs(console, [(name, Text(_safe(went), style="dim")) for name, went in steps(enriched)]))


def _rule(title: str) -> Padding:
    return Padding(Rule(title, align="left", style="dim", characters="─"), (1, 0, 0, 0))


def _pairs(console: Console, pairs: list[tuple[str, RenderableType]]) -> RenderableType:
    """Names beside what they name, or over it in a narrow terminal."""
    if console.width < NARROW:
        stacked = ((Text(name, style="bold"), Padding(text, (0, 0, 0, 2))) for name, text in pairs)
        return Group(*(each for pair in stacked for each in pair))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for name, text in pairs:
        grid.add_row(name, text)
    return grid


def _field(row: Row) -> Text:
    value = Text("nothing was believed", style="red") if row.value is None else Text(_safe(row.value, VALUE_LIMIT))
    return Text("\n").join([value, *_evidence(row)])


def _evidence(row: Row) -> Iterator[Text]:
    evidence = row.evidence
    if evidence is None:
        return
    sure = evidence.confidence
    style = "green" if sure >= SURE else "yellow" if sure >= UNSURE else "red"
    yield Text.assemble((f"{evidence.source} · {_safe(evidence.rule)} · ", "dim"), (f"{sure:.0%} sure", style))
    if row.raw:
        yield Text(f"it says: {_safe(row.raw, RAW_LIMIT)}", style="dim")
    for other in evidence.runners_up:
        said = _safe(other.raw, RAW_LIMIT) or "nothing"
        yield Text.assemble(("disagrees: ", "yellow"), (f"{other.source} · {_safe(other.rule)} · ", "dim"), said)


def _page(shown: list[Part]) -> Iterator[tuple[str, RenderableType]]:
    for (kind, group), run in groupby(shown, lambda each: (each.kind, each.group)):
        together = list(run)
        if group == "left out" and len(together) > RUN:
            yield kind, Text(f"{len(together)} blocks: {_safe(together[0].text, 50)} …", style="bright_black")
            continue
        for part in together:
            style = _KIND_STYLES.get(part.kind, _GROUP_STYLES[part.group])
            rule = "" if group == "article" else f"  {_safe(part.rule)}"
            yield (
                part.kind.replace("_", " "),
                Text.assemble((_safe(part.text, len(part.text)), style), (rule, "dim")),
            )


def _marked(cut: list[Piece]) -> Text:
    """The body with its marks: brackets name the kind where there is no colour."""
    text = Text()
    for piece in cut:
        quoted = "italic" if piece.quote is not None else ""
        if piece.mark is None:
            text.append(_safe(piece.text, len(piece.text)), style=quoted)
            continue
        style = f"{_MARK_STYLES.get(piece.mark.kind, 'yellow')} {quoted}".strip()
        text.append(f"[{_safe(piece.text, len(piece.text))}", style=style).append(f"|{piece.mark.kind}]", style="dim")
    return text


def _listed(found: list[Finding]) -> Text:
    lines = (Text.assemble(_safe(each.text), (f"  {_safe(each.about)}" if each.about else "", "dim")) for each in found)
    return Text("\n").join(lines)


def _safe(text: str, limit: int = 500) -> str:
    """Text from outside without what could steer a terminal; its line ends stay."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "\n".join(printable(line) for line in cut.split("\n"))

"""From what was found on a page to the fields of its article, with the evidence for each."""

import re

from services.parse.clean import clean_line, clean_text
from services.parse.findings import Draft
from services.parse.text.dateline import find_dateline
from services.parse.text.lines import Line
from services.parse.text.machine import PARAGRAPHS
from services.parse.text.notes import Item, Notes
from services.parse.text.over import Over
from services.parse.text.signs import Stamp
from shared.contracts import Author, EvidenceSource, Related

BODY_LIMIT = 1_000_000
"""Characters of a contract's body."""

_NAMES = re.compile(r", | and | und | et | y | e | i | та | \u0456 | \u0438 | en | och | ve | و ?| & |、")
_NAME_WORDS = 5
_FIRST = 3
_SECTION_RULES: dict[str, tuple[EvidenceSource, float]] = {
    "section of the profile": ("profile", 0.95),
    "path": ("text", 0.7),
    "short line over the headline": ("text", 0.5),
}


def put_over(draft: Draft, over: Over) -> None:
    """Section and summary."""
    if over.section:
        value, rule = over.section
        source, confidence = _SECTION_RULES[rule]
        draft.put("section", value, source, rule, confidence)
    if over.summary:
        draft.put("summary", over.summary, "text", "line under the headline", 0.6)


def put_notes(draft: Draft, notes: Notes) -> None:
    """Times, byline, minutes to read, keywords and the titles beside the article."""
    _put_times(draft, notes.stamps)
    if notes.bylines:
        _put_byline(draft, notes.bylines[0])
    for minutes, raw in notes.minutes[:1]:
        draft.put("read_minutes", minutes, "text", "minutes to read", 0.95, raw)
    if notes.tags:
        keywords = tuple(notes.tags.values())
        draft.put("keywords", keywords, "text", "tags", 0.9, ", ".join(keywords))
    if notes.items:
        related = tuple(_related(item) for item in notes.items)
        draft.put("related", related, "text", "lists beside the article", 0.85, f"{len(related)} titles")


def put_body(draft: Draft, text: str, lines: list[Line]) -> None:
    """The body, and the dateline that it begins with."""
    paragraphs = [_paragraph(text, line) for line in lines if line.kind in PARAGRAPHS]
    body = "\n\n".join(paragraphs)[:BODY_LIMIT]
    draft.put("body", body, "text", "paragraphs", 0.85, f"{len(paragraphs)} paragraphs")
    for paragraph in paragraphs[:_FIRST]:
        if dateline := find_dateline(paragraph):
            draft.put("dateline", dateline, "text", "before the first dash", 0.85)
            return


def _paragraph(text: str, line: Line) -> str:
    return " ".join(clean_text(text[line.start : line.end]).split())


def _put_times(draft: Draft, stamps: list[Stamp]) -> None:
    for stamp in stamps:
        name = "modified_at" if stamp.updated else "published_at"
        moment = stamp.moment
        if moment is None:
            draft.refuse(name, "text", "not a time to be believed", stamp.raw)
        elif stamp.updated:
            draft.put_modified(moment, "text", "time labelled as updated", 0.85)
        else:
            profiled = moment.zone_source == "profile"
            draft.put_published(
                moment, "profile" if profiled else "text", "time over the article", 0.95 if profiled else 0.8
            )


def _put_byline(draft: Draft, byline: str) -> None:
    draft.put("byline", byline, "text", "begins as a byline", 0.85)
    names = [clean_line(name) for name in _NAMES.split(byline)]
    people = tuple(Author(name=name) for name in names if 0 < len(name.split()) <= _NAME_WORDS)
    if people:
        draft.put("authors", people, "text", "names in the byline", 0.75, byline)


def _related(item: Item) -> Related:
    moment = item.stamp.moment if item.stamp else None
    return Related(
        kind=item.kind,
        title=item.title,
        published_at=moment.at if moment else None,
        published_raw=item.stamp.raw if item.stamp else None,
    )

"""From what was found on a page to the fields of its article, with the evidence for each."""

import re

from pydantic import TypeAdapter

from services.parse.clean import clean_line, clean_text
from services.parse.ending import FEW, put_cut
from services.parse.findings import Draft
from services.parse.text.dateline import Dateline, find_dateline
from services.parse.text.lines import Line
from services.parse.text.machine import BODY, PARAGRAPHS
from services.parse.text.notes import WIRE_RULES, Item, Notes
from services.parse.text.over import Over
from services.parse.text.signs import Stamp
from services.parse.words import count_words
from shared.contracts import Author, EvidenceSource, Related

BODY_LIMIT = 1_000_000
"""Characters of a contract's body."""

_RELATED = TypeAdapter(tuple[Related, ...])
"""To make them together takes half of the time."""
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
        _put_byline(draft, notes.bylines[0], "begins as a byline")
    for minutes, raw in notes.minutes[:1]:
        draft.put("read_minutes", minutes, "text", "minutes to read", 0.95, raw)
    _put_wire(draft, notes)
    if notes.tags:
        keywords = tuple(notes.tags.values())
        draft.put("keywords", keywords, "text", "tags", 0.9, ", ".join(keywords))
    if notes.items:
        related = _RELATED.validate_python([_related(item) for item in notes.items])
        draft.put("related", related, "text", "lists beside the article", 0.85, f"{len(related)} titles")


def _put_wire(draft: Draft, notes: Notes) -> None:
    """What an agency's own lines say: slug, notes to editors, embargo, and who reported."""
    if notes.slug:
        draft.put("slug", notes.slug, "text", "slug line", 0.8)
    if notes.remarks:
        draft.put("editorial_note", "; ".join(notes.remarks), "text", "note to editors", 0.8)
    if notes.embargo and notes.embargo.moment:
        draft.put("embargoed_until", notes.embargo.moment.at, "text", "embargo line", 0.8, notes.embargo.raw)
    elif notes.embargo:
        draft.refuse("embargoed_until", "text", "embargo without a time that can be read", notes.embargo.raw)
    if notes.signoff and not notes.bylines:
        _put_byline(draft, notes.signoff, "sign-off")


def put_body(draft: Draft, text: str, lines: list[Line]) -> None:
    """The body, and the dateline that it begins with."""
    paragraphs = [_paragraph(text, line) for line in lines if line.kind in BODY]
    body = "\n\n".join(paragraphs)[:BODY_LIMIT]
    draft.put("body", body, "text", "paragraphs", 0.85, f"{len(paragraphs)} paragraphs")
    for paragraph in paragraphs[:_FIRST]:
        if dateline := find_dateline(paragraph):
            _put_dateline(draft, dateline)
            return


def put_completeness(draft: Draft, lines: list[Line]) -> None:
    """Whether the body is all: by the wire's last mark after its last paragraph, else by its own end.

    A bare "more" leads elsewhere; with marks around it, it is the agency's.
    """
    last = max((at for at, line in enumerate(lines) if line.kind in PARAGRAPHS), default=-1)
    for line in reversed(lines[last + 1 :]):
        if line.rule == WIRE_RULES["end"]:
            draft.put("completeness", "full", "text", line.rule, 0.9, line.text)
        elif line.rule == WIRE_RULES["more"] and not line.text.replace(" ", "").isalpha():
            draft.put("completeness", "partial", "text", line.rule, 0.9, line.text)
    put_cut(draft, "text", believe_all=count_words(str(draft.fields.get("body", ""))) < FEW)


def _put_dateline(draft: Draft, dateline: Dateline) -> None:
    draft.put("dateline", dateline.text, "text", "before the first sentence", 0.85)
    if dateline.place:
        draft.put("located", dateline.place, "text", "place of the dateline", 0.8, dateline.text)
    if dateline.by and "byline" not in draft.fields:
        _put_byline(draft, dateline.by, "reporter in the dateline")


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


def _put_byline(draft: Draft, byline: str, rule: str) -> None:
    draft.put("byline", byline, "text", rule, 0.85)
    names = [clean_line(name) for name in _NAMES.split(byline)]
    people = tuple(Author(name=name) for name in names if 0 < len(name.split()) <= _NAME_WORDS)
    if people:
        draft.put("authors", people, "text", "names in the byline", 0.75, byline)


def _related(item: Item) -> dict[str, object]:
    moment = item.stamp.moment if item.stamp else None
    return {
        "kind": item.kind,
        "title": item.title,
        "published_at": moment.at if moment else None,
        "published_raw": item.stamp.raw if item.stamp else None,
    }

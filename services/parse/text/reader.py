"""From a page as plain text to a draft of its article, every character accounted for."""

from dataclasses import replace

from services.parse.findings import Draft, Page
from services.parse.publishers import Profile, habits_of, profile_for
from services.parse.text.fields import put_body, put_completeness, put_notes, put_over
from services.parse.text.head import Head, find_head, unmarked
from services.parse.text.labels import GENERAL, Label
from services.parse.text.lines import Line, blocks, split
from services.parse.text.machine import PARAGRAPHS, Machine
from services.parse.text.notes import Notes
from services.parse.text.over import read_over
from services.parse.text.script import language_of
from services.parse.text.shape import shape_of
from services.parse.text.signs import Context, Sign, sign_of
from services.parse.text.wire import headline_prefix
from shared.errors import Skip

PARSER = "text"

SHORTEST_PAGE = 60
SHORTEST_BODY = 60
"""Characters; an ideograph counts as two and a half."""

_MAIL_HEAD = 12
_ENOUGH = 3
"""Paragraphs that make it likely that the body is one."""


def read_text(page: Page) -> Draft:
    """Read a page as plain text. `blocks` cover `page.text` without gap or overlap, in order.

    Puts headline, section, published_*, modified_*, byline, authors, dateline, summary, keywords, read_minutes,
    related and body, as far as they are there.

    Raises:
        Skip: `too_short`, or `not_an_article` for a page without headline or running text.
    """
    profile = profile_for(page.source, page.url)
    lines, read = split(page.text)
    if sum(line.size for line in lines) < SHORTEST_PAGE:
        raise Skip("too_short", "next to no text")
    context = _context(page, profile)
    known = {line.text: line for line in lines}  # pages print much of what is around their articles twice
    signs_of = {text: sign_of(line, context) for text, line in known.items()}
    signs = [signs_of[line.text] for line in lines]
    declared = (page.declared.headline if page.declared else None) or _subject(signs)
    shape = shape_of(page.text, lines, signs)
    head = find_head(lines, signs, declared, shape)
    if head is None:
        raise Skip("not_an_article", "no headline followed by running text")
    draft = Draft(PARSER, "page")
    notes = Notes()
    _put_headline(draft, lines, head, declared, notes)
    put_over(draft, read_over(lines, signs, head, notes, context))
    headline = lines[head.at] if head.at is not None else None
    Machine(lines, signs, shape, context, headline, notes).run(head.body)
    _put_rest(draft, page.text, lines, notes, context)
    draft.blocks.extend(blocks(page.text, lines, read))
    draft.confidence = _confidence(draft, lines, head)
    return draft


def _context(page: Page, profile: Profile | None) -> Context:
    told = page.declared.language if page.declared else None
    habits = habits_of(profile, told or language_of(page.text), url=page.url or "")
    labels: dict[str, Label] = {**GENERAL, **(profile.labels if profile else {})}
    sections = profile.sections if profile else frozenset[str]()
    return Context(page.observed_at, replace(habits, seen_at=page.fetched_at), labels, sections)


def _subject(signs: list[Sign]) -> str | None:
    """The subject of a page that is a mail."""
    return next((sign.wire.rest for sign in signs[:_MAIL_HEAD] if sign.wire and sign.wire.mark == "subject"), None)


def _put_headline(draft: Draft, lines: list[Line], head: Head, declared: str | None, notes: Notes) -> None:
    if head.at is not None:
        printed = lines[head.at].text
        mark, headline = headline_prefix(unmarked(printed)) or ("", unmarked(printed))
        notes.remarks.extend([mark] if mark else [])
        draft.put("headline", headline, "text", head.rule, head.confidence, printed)
    elif declared:
        draft.put("headline", declared, "envelope", head.rule, head.confidence)


def _put_rest(draft: Draft, text: str, lines: list[Line], notes: Notes, context: Context) -> None:
    if sum(line.size for line in lines if line.kind in PARAGRAPHS) < SHORTEST_BODY:
        raise Skip("too_short", "next to no running text under the headline", headline=draft.fields.get("headline"))
    put_notes(draft, notes)
    put_body(draft, text, lines)
    put_completeness(draft, lines)
    _put_day_of_dateline(draft, context)


def _put_day_of_dateline(draft: Draft, context: Context) -> None:
    """The dateline's day where nothing else says when; only one with its year."""
    reading = context.reading(draft.fields.get("dateline", ""))
    if reading and "published_at" not in draft.fields:
        draft.put_published(reading.moment, "text", "day of the dateline", 0.6)


def _confidence(draft: Draft, lines: list[Line], head: Head) -> float:
    paragraphs = sum(line.kind in PARAGRAPHS for line in lines)
    signs = (head.confidence > 0.9, "published_at" in draft.fields, paragraphs >= _ENOUGH)  # noqa: PLR2004 -- sure
    return round(0.4 + 0.5 * sum(signs) / len(signs), 2)

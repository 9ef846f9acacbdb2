"""Mentions of the same person, body or event are one entity; the weight of each in its article."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.enrich.names.lexicon import matcher, of
from services.enrich.names.normal import name_of, nominative
from services.enrich.names.text import Found
from shared.contracts import Entity
from shared.contracts.enriched import EntityKind, Span

ENTITIES: Final = 100
MENTIONS: Final = 50
NAME: Final = 200
"""Characters of a name."""
LEAD: Final = 600
"""Characters at the start of a body that say what it is about."""
_EXPANDED: Final = re.compile(r"\s?\(([A-ZА-ЯІЇЄҐ]{2,8})\)")
""""North Atlantic Treaty Organization (NATO)": what stands right after a name."""


@dataclass(slots=True)
class Group:
    """Finds that are one entity."""

    kind: EntityKind
    name: str
    found: list[Found] = field(default_factory=list[Found])


def merged(headline: str, body: str, found: Sequence[Found], language: str) -> list[Entity]:
    """Entities, the most salient first."""
    groups = _grouped(body, found, language)
    highest = max((len(group.found) for group in groups), default=1)
    entities = [_entity(group, headline, body, highest) for group in groups]
    return sorted(entities, key=lambda entity: (-entity.salience, entity.mentions[0].start))[:ENTITIES]


def _grouped(body: str, found: Sequence[Found], language: str) -> list[Group]:
    """Whole names first, so that a surname or "the Forum" finds what it is short for."""
    groups: dict[tuple[EntityKind, str], Group] = {}
    short = _expansions(body, found, language)
    named = [(each, name_of(body[each.start : each.end], each.kind, language)[:NAME]) for each in found]
    names = {name for _, name in named}
    named = [(each, nominative(name, names, language)) for each, name in named]
    for each, name in sorted(named, key=lambda item: (-len(item[1].split()), item[0].start)):
        whole = short.get(name)
        if whole is None and (each.kind, name.casefold()) not in groups:
            whole = _longer(name, each, groups.values(), language)
        group = whole or Group(each.kind, name)
        groups.setdefault((group.kind, group.name.casefold()), Group(group.kind, group.name)).found.append(each)
    return list(groups.values())


def _expansions(body: str, found: Iterable[Found], language: str) -> dict[str, Group]:
    """Acronyms with the name that the text says they are short for."""
    known: dict[str, Group] = {}
    for each in found:
        match = _EXPANDED.match(body, each.end)
        if match and each.kind in {"organisation", "event"} and each.end - each.start > len(match[1]):
            known[match[1]] = Group(each.kind, name_of(body[each.start : each.end], each.kind, language)[:NAME])
    return known


def _longer(name: str, each: Found, groups: Iterable[Group], language: str) -> Group | None:
    """The one longer name that this is the end of: a surname, or the head word of a meeting or body."""
    if each.kind == "place":
        return None
    tail = f" {name.casefold()}"
    fitting = [group for group in groups if group.kind == each.kind and group.name.casefold().endswith(tail)]
    if each.kind != "person" and not matcher(f"{of(language).meetings} {of(language).bodies}").match(name):
        return None
    return fitting[0] if len(fitting) == 1 else None


def _entity(group: Group, headline: str, body: str, highest: int) -> Entity:
    found = sorted(group.found, key=lambda each: each.start)
    best = max(found, key=lambda each: each.confidence)
    support = 1 - (1 - best.confidence) / len(found) ** 0.5
    return Entity(
        kind=group.kind,
        name=group.name,
        mentions=tuple(Span(start=each.start, end=each.end) for each in found[:MENTIONS]),
        count=len(found),
        salience=round(_salience(found, headline, body, highest), 3),
        confidence=round(min(0.99, support), 3),
        rule=best.rule,
    )


def _salience(found: Sequence[Found], headline: str, body: str, highest: int) -> float:
    """Four tenths for the headline, three for how often, two for the lead, one for how early."""
    titled = any(body[each.start : each.end] in headline for each in found)
    first = found[0].start
    return 0.4 * titled + 0.3 * len(found) / highest + 0.2 * (first < LEAD) + 0.1 * (1 - first / max(1, len(body)))

"""Who signs an article."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from services.parse.findings import Draft
from services.parse.html.bylines import BYLINE_LENGTH, OPENING, Signed, marked_authors, printed_byline
from services.parse.html.clues import Clues
from services.parse.html.embedded.fields import Said
from services.parse.html.head import Fragment
from services.parse.html.jsonld import items, line, node, types
from services.parse.html.names import folded, is_organisation, is_person, is_role, names_in
from services.parse.text.labels import key
from shared.contracts import Author, EvidenceSource
from shared.url import web_url

AUTHORS_LIMIT: Final = 20
_META: Final = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "dcterms.creator",
    "og:article:author", "article:author_name", "citation_author", "twitter:creator:name", "cxenseparse:author",
    "authors", "author-name",
)  # fmt: skip
_MARKED: Final = (
    "descendant::*[contains(@class,'author') or contains(@class,'byline') or contains(@class,'Author') or "
    "contains(@class,'Byline') or @rel='author'][not(self::meta or self::script or self::body)]"
)
MARKED_LIMIT: Final = 30


class Claim(NamedTuple):
    """The names that one place of the page gives, people before others."""

    source: EvidenceSource
    rule: str
    sure: float
    people: tuple[Author, ...]
    others: tuple[Author, ...]

    @property
    def raw(self) -> str:
        """All names in one line."""
        return ", ".join(author.name for author in (*self.people, *self.others))


def find_people(draft: Draft, clues: Clues, head: Sequence[Fragment]) -> None:
    """Put authors and byline: JSON-LD, then meta, then what the page prints.

    The authors are people; a desk or an agency is one only where no person signs. Both stand in the byline.
    """
    printed = printed_byline(head, clues.sites)
    claims = [claim for claim in _claims(clues, printed) if claim.people or claim.others]
    if not any(claim.people for claim in claims):
        claims += [claim for claim in _last_resort(clues) if claim.people]
    for claim in sorted(claims, key=lambda each: (not each.people, _is_site(each, clues))):
        draft.put("authors", claim.people or claim.others, claim.source, claim.rule, claim.sure, claim.raw)
    if printed and len(printed.raw) <= BYLINE_LENGTH:
        draft.put("byline", printed.raw, "html", printed.rule, 0.7)
    elif claims:
        draft.put("byline", claims[0].raw, claims[0].source, claims[0].rule, 0.6)


def put_stored_people(draft: Draft, clues: Clues, said: Sequence[Said]) -> None:
    """Put as authors who signs in the page's data, if nobody signs elsewhere."""
    names = (name for each in said for name in names_in(each.raw))
    claim = _claim("script", said[0].key if said else "", 0.7, _plain(names), clues)
    if "authors" not in draft.fields and (claim.people or claim.others):
        draft.put("authors", claim.people or claim.others, claim.source, claim.rule, claim.sure, claim.raw)
        draft.put("byline", claim.raw, claim.source, claim.rule, claim.sure)


def _is_site(claim: Claim, clues: Clues) -> bool:
    """Whether only the site itself signs: any other desk says more."""
    return not claim.people and all(is_organisation(author.name, clues.sites) for author in claim.others)


def _claims(clues: Clues, printed: Signed | None) -> Iterator[Claim]:
    for name in ("author", "creator"):
        yield _claim("json-ld", name, 0.95, _linked(clues.linked.get(name)), clues)
    for name in _META:
        values = [_forenamed(raw) if name == "citation_author" else raw for raw in clues.meta.get(name, [])]
        yield _claim("meta", name, 0.85, _plain(each for raw in values for each in names_in(raw)), clues)
    yield _claim("meta", "twitter:data", 0.85, _plain(names_in(_card(clues))), clues)
    yield _claim("json-ld", "author of the page", 0.8, _linked(clues.web_page.get("author")), clues)
    marked = marked_authors(clues.marked("author")[:AUTHORS_LIMIT], clues.sites)
    if marked:
        yield _claim("html", "element marked author", 0.75, _plain(marked.names), clues)
    if printed:
        yield _claim("html", printed.rule, 0.7, _plain(printed.names), clues, trusted=True)


def _last_resort(clues: Clues) -> Iterator[Claim]:
    found = marked_authors(clues.select(_MARKED)[:MARKED_LIMIT], clues.sites)
    if found:
        yield _claim("html", found.rule, 0.5, _plain(found.names), clues, trusted=True)


Named = tuple[str, str | None, bool | None]
"""A name, the address of whoever has it, and whether it is said to be of an organisation; None: not said."""


def _linked(value: Any) -> Iterator[Named]:
    for item in items(value)[:AUTHORS_LIMIT]:
        known = node(item)
        group = any("Organi" in name for name in types(known))
        person = "Person" in types(known)
        for name in items(known.get("name") if known else item)[:AUTHORS_LIMIT]:
            for each in names_in(line(name) or ""):
                yield each, web_url(line(known.get("url"))), True if group else False if person else None


def _plain(names: Iterable[str]) -> Iterator[Named]:
    yield from ((name, None, None) for name in names)


def _card(clues: Clues) -> str:
    """What a page tells Twitter under a label such as "Written by"."""
    for number in "12":
        label, value = (clues.first_meta(f"twitter:{part}{number}") for part in ("label", "data"))
        if label and value and key(label[1]).split()[-1:] and key(label[1]).split()[-1] in OPENING:
            return value[1]
    named = clues.first_meta("twitter:misc:written by")
    return named[1] if named else ""


def _forenamed(name: str) -> str:
    """`Reed, Ann` as scholarly pages write it, the other way round."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first else name


def _claim(
    source: EvidenceSource, rule: str, sure: float, found: Iterator[Named], clues: Clues, *, trusted: bool = False
) -> Claim:
    people: dict[str, Author] = {}
    others: dict[str, Author] = {}
    known = list(islice(found, AUTHORS_LIMIT))
    for name, url, group in known:
        alone = len(known) == 1
        kept = people if trusted or _is_human(name, group, clues, alone=alone) else others
        kept.setdefault(folded(name), Author(name=name, url=url))
    return Claim(source, rule, sure, tuple(people.values()), tuple(others.values()))


def _is_human(name: str, group: bool | None, clues: Clues, *, alone: bool) -> bool:  # noqa: FBT001 - as in Named
    """Whether a declared name is a person's. One word is when it stands alone: beside others it is WBEZ or Berlin."""
    if group or is_organisation(name, clues.sites) or is_role(name) or _is_handle(name):
        return False
    if group is False:
        return True
    return is_person(name, clues.sites) if " " in name or not alone else True


def _is_handle(name: str) -> bool:
    """Whether it is what somebody logs in with."""
    return " " not in name and name.isascii() and name.islower()

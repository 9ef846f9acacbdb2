"""Lists of sources as files: YAML as we write it, and OPML 2.0 as feed readers exchange it (http://opml.org/spec2.opml)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlsplit

import yaml
from lxml import etree
from pydantic import ValidationError

from shared.contracts import Feed, Source
from shared.subjects import token
from shared.url import web_url

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a list."""
_DEFAULTS: Final = frozenset(
    {"paused", "full_text", "min_interval", "max_interval", "honour", "language", "country", "name"}
)


class ListError(Exception):
    """A list that cannot be read; the text says where and why."""


class Ids:
    """Gives ids that are not taken, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken, self._last = set(taken), Counter[str]()

    def of(self, url: str) -> str:
        """An id by a source's address: the host without `www.`, numbered where it is taken."""
        host = (urlsplit(url).hostname or "source").removeprefix("www.")
        base = name = token(re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-") or "source")
        while name in self._taken:
            self._last[base] += 1
            name = f"{base[:57]}-{self._last[base] + 1}"
        self._taken.add(name)
        return name


def id_of(url: str, taken: Iterable[str] = ()) -> str:
    """One id by an address."""
    return Ids(taken).of(url)


class Listed(NamedTuple):
    """The sources of a list. `named`: the list itself gives their ids; else they are by host."""

    sources: list[Source]
    named: bool


def read(path: Path) -> Listed:
    """The sources of a file; OPML if it begins like XML, else YAML.

    Raises:
        ListError: it is neither, or a source of it is not sound.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        body = stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ListError(f"{path} is larger than {LARGEST:,} bytes")
    named = not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    return Listed(read_yaml(body) if named else read_opml(body), named)


def apart(listed: Listed, known: Mapping[str, Source]) -> list[Source]:
    """The sources under ids for the book: one named by its host replaces that with its feeds, and no other."""
    if listed.named:
        return listed.sources
    ids, by_feeds = Ids(known), {each.feeds: name for name, each in known.items()}
    names = (by_feeds.get(each.feeds) or ids.of(f"https://{each.id}") for each in listed.sources)
    return [each.model_copy(update={"id": name}) for each, name in zip(listed.sources, names, strict=True)]


def read_yaml(body: bytes) -> list[Source]:
    """Sources as `write_yaml` writes them.

    Raises:
        ListError: what is wrong, and with which source.
    """
    try:
        found: object = yaml.safe_load(body)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ListError(f"not YAML: {' '.join(str(error).split())[:300]}") from error
    listed = cast("dict[str, Any]", found).get("sources") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise ListError("a list of sources begins with `sources:`")
    sources = [_source(number, each) for number, each in enumerate(cast("list[object]", listed), start=1)]
    if twice := next((name for name, count in Counter(each.id for each in sources).items() if count > 1), None):
        raise ListError(f"source {twice} is there twice")
    return sources


def _source(number: int, value: object) -> Source:
    try:
        return Source.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = cast("dict[str, Any]", value).get("id", number) if isinstance(value, dict) else number
        place = ".".join(str(part) for part in first["loc"])
        raise ListError(f"source {name!s:.80}: {place}: {first['msg']}") from error


def write_yaml(sources: Sequence[Source]) -> str:
    """Sources for people to read and edit: what is not as usual, and nothing else."""
    plain = [each.model_dump(mode="json", exclude_defaults=True) for each in sources]
    return yaml.safe_dump({"sources": plain}, allow_unicode=True, sort_keys=False, width=120)


def read_opml(body: bytes) -> list[Source]:
    """The feeds of an OPML list, each a source of its own; an address that is there twice counts once.

    Raises:
        ListError: it is no OPML.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ListError("OPML with a document type is not read")
    parser = etree.XMLParser(no_network=True, huge_tree=False, resolve_entities=False, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as error:
        raise ListError(f"not XML: {error.msg}") from error
    if root is None or str(root.tag).lower() != "opml":
        raise ListError("XML, but no OPML")
    ids, found = Ids(), dict[str, Source]()
    try:
        for outline in root.iter("outline"):
            given = {str(name): str(value) for name, value in outline.attrib.items()}
            url = web_url(given.get("xmlUrl"))
            if url and url not in found:
                found[url] = _outlined(ids.of(given.get("htmlUrl") or url), url, given)
    except UnicodeDecodeError as error:  # libxml2 lets halves of characters in
        raise ListError("an outline has a reference to what is no character") from error
    return list(found.values())


def _outlined(name: str, url: str, given: Mapping[str, str]) -> Source:
    title, language = given.get("title") or given.get("text") or "", given.get("language") or ""
    return Source(id=name, name=title[:2_000], feeds=(Feed(url=url),), language=language[:100] or None)


def write_opml(sources: Sequence[Source]) -> str:
    """Every feed as an outline; sitemaps and pages too, which a feed reader may not understand."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of Newswire"
    body = etree.SubElement(root, "body")
    for source in sources:
        for feed in source.feeds:
            name = source.name or source.id
            etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    return etree.tostring(root, encoding="unicode", pretty_print=True)

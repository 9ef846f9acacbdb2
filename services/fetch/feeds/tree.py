"""The tree of hostile XML: no document type that declares anything, no entities, no network, bounded depth.

libxml2 is linear here: 5 MB of attributes, tags, ampersands or unclosed comments take it half a second at most.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import webencodings
from lxml import etree

from shared.errors import Poison

Element: TypeAlias = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it has no other name

_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^<>\[\]]{0,500}>", re.IGNORECASE)
"""One that declares nothing itself: RSS 0.91 begins with one."""
_NAMED: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")
"""HTML's entities, which careless feeds use without declaring them."""
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NUMBERED: Final = re.compile(r"&#(?:x0{0,9}(d[89a-f][0-9a-f]{2})|0{0,9}(5[5-7][0-9]{3}));", re.IGNORECASE)
_SURROGATES: Final = range(0xD800, 0xE000)


def decoded(body: bytes, charset: str | None = None) -> str:
    """`body` as text by its mark, else by what it or HTTP declares, else as UTF-8; what cannot be read is U+FFFD.

    Labels are those of browsers: Python knows others, some of which take hours (punycode) or make surrogates.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    found = _DECLARED.match(body[:200])
    for label in ((charset or "").lower(), found[1].decode().lower() if found else "", "utf-8"):
        if known := webencodings.lookup(label) if label else None:
            return str(known.codec_info.decode(body, "replace")[0])
    return body.decode("utf-8", "replace")


def tree_of(markup: str) -> Element:
    """The root element of XML, broken or not.

    Raises:
        Poison: `unsupported_type` when it declares entities or is no XML, `too_deep`.
    """
    text = _DOCTYPE.sub("", markup.lstrip(" \t\r\n\ufeff\x00"), count=1)
    if "<!DOCTYPE" in text[:2_000].upper() or "<!ENTITY" in text:
        raise Poison("unsupported_type", "XML that declares entities")
    parser = etree.XMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, resolve_entities=False, load_dtd=False, recover=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    known = _NUMBERED.sub(_character, _NAMED.sub(lambda found: html.unescape(found[0]), text))
    root = None
    try:
        root = etree.fromstring(known.encode("utf-8", "replace"), parser=parser)
    except etree.XMLSyntaxError as error:
        _refuse_depth(parser)
        raise Poison("unsupported_type", f"said to be XML, but: {error.msg}"[:200]) from error
    _refuse_depth(parser)
    if root is None:
        raise Poison("unsupported_type", "said to be XML, but has no element")
    return root


def _character(reference: re.Match[str]) -> str:
    """A reference as it is; that of a surrogate is of no character: libxml2 lets it in, and nobody can read it then."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return "\ufffd" if number in _SURROGATES else reference[0]


def _refuse_depth(parser: etree.XMLParser) -> None:
    for entry in parser.error_log:
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "xcessive depth" in entry.message:
            raise Poison("too_deep", entry.message[:200])


def name(element: Element) -> str:
    """The tag without its namespace, which careless feeds do not declare."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


Parts = Mapping[str, Sequence[Element]]
"""The children of an element by name."""


def parts_of(element: Element) -> Parts:
    """The children of an element, gathered in one pass: an item is asked for some twenty names."""
    found: dict[str, list[Element]] = {}
    for child in element:
        found.setdefault(name(child), []).append(child)
    return found


def named(parts: Parts, *names: str) -> Iterator[Element]:
    """Children by these names, in the order of the names."""
    for wanted in names:
        yield from parts.get(wanted, ())


def content(element: Element) -> str:
    """What an element holds: its text, or its markup where Atom allows that."""
    if not len(element):
        return str(element.text or "")
    if element.get("type") == "xhtml":
        return "".join(etree.tostring(child, encoding="unicode") for child in element)
    return "".join(str(part) for part in element.itertext())


def first(parts: Parts, *names: str) -> str:
    """The text of the first child by these names that has any."""
    return next((text for child in named(parts, *names) if (text := content(child).strip())), "")

"""A page's tree, built without network, entities or silent loss."""

from typing import TypeAlias, cast

from lxml import etree, html

from services.parse.raw.prescan import prescan
from shared.errors import Poison, Skip

Element: TypeAlias = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it has no other name


def page_tree(markup: str) -> html.HtmlElement:
    """The tree of an HTML page or fragment.

    Raises:
        Poison: `too_large`, `too_deep` or `too_many_nodes`.
        Skip: `not_an_article` when there is no element in it.
    """
    prescan(markup)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)  # pyright: ignore[reportUnknownMemberType] - its **kw
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        refuse_truncated(parser)
        raise Skip("not_an_article", "no element in it") from error
    refuse_truncated(parser)
    return cast("html.HtmlElement", tree)


def entry_tree(markup: str) -> Element:
    """The tree of a feed entry: XML, broken or not, but without a document type.

    Raises:
        Poison: as `page_tree`, and `unsupported_type` when it declares a document type or entities, or is no XML.
    """
    if "<!DOCTYPE" in markup or "<!ENTITY" in markup:
        raise Poison("unsupported_type", "a feed entry with a document type")
    prescan(markup, xml=True)
    parser = etree.XMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, resolve_entities=False, load_dtd=False, recover=True
    )
    try:
        tree = etree.fromstring(markup.strip().encode("utf-8", "replace"), parser=parser)
    except etree.XMLSyntaxError as error:
        refuse_truncated(parser)
        raise Poison("unsupported_type", f"said to be XML, but: {error.msg}") from error
    refuse_truncated(parser)
    if tree is None:
        raise Poison("unsupported_type", "said to be XML, but has no element")
    return tree


def refuse_truncated(parser: html.HTMLParser | etree.XMLParser) -> None:
    """Refuse a tree from which libxml2 dropped what was nested too deep; it says so in its log only."""
    for entry in parser.error_log:
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "xcessive depth" in entry.message:
            raise Poison("too_deep", entry.message[:200])

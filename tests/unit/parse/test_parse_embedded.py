"""The article in what a page carries for its own scripts, and what of that is none."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from services.parse.explain import explain
from services.parse.html.embedded import find_stored
from services.parse.html.embedded.fields import people_of, times_of
from services.parse.html.embedded.markup import markup_of
from services.parse.html.embedded.scripts import ATTEMPTS_LIMIT, Held, held
from services.parse.raw.document import read_raw
from services.parse.tree import page_tree
from shared.contracts import ParsedArticle
from shared.errors import Skip

Parsed = Callable[..., ParsedArticle]

HTML = {"content-type": "text/html"}
TITLE = "Lighthouse at Corran Head goes dark for the winter"
FIRST = (
    "The lighthouse at Corran Head was switched off on Tuesday, and the harbour office says that it will stay dark "
    "until the new lens arrives from the mainland in the last week of March."
)
SECOND = (
    "Fishermen have hung lamps along the mole instead. “We have come home by worse light than this,” said the oldest "
    "of them, who has sailed from the village for fifty-one years and keeps a list of its storms."
)
BODY = f"{FIRST}\n\n{SECOND}"
STORED = f"<p>{FIRST}</p><p>{SECOND}</p>"


def page(script: str, shown: str = '<div id="root"></div>') -> str:
    head = f'<title>{TITLE} | Corran Post</title><meta property="og:site_name" content="Corran Post">'
    return f'<html lang="en"><head>{head}</head><body>{shown}{script}</body></html>'


def as_json(value: Any) -> str:
    return json.dumps(value).replace("</", "<\\/")


def next_data(story: dict[str, Any]) -> str:
    return data_script("__NEXT_DATA__", {"props": {"story": story}})


def rich(*paragraphs: str) -> dict[str, Any]:
    """As ProseMirror and Contentful have it, with a link in the midst of the first."""
    content: list[dict[str, Any]] = [{"type": "ad", "content": [{"type": "text", "value": "Buy oil lamps."}]}]
    for text in paragraphs:
        start, middle, end = text[:20], text[20:30], text[30:]
        link = {"type": "link", "data": {"title": "a link"}, "content": [{"type": "text", "value": middle}]}
        pieces = [{"type": "text", "value": start}, link, {"type": "text", "value": end}]
        content.append({"type": "paragraph", "content": pieces})
    return {"type": "document", "content": content}


def flight() -> str:
    """Rows in three pieces, cut where they happen to be."""
    row = as_json(["$", "$L2", None, {"article": {"title": TITLE, "contentHtml": "$24"}}])
    rows = f'1:"$Sreact.fragment"\n:HL["/a.css","style"]\n24:T{len(STORED.encode()):x},{STORED}5:{row}\n'
    return "".join(
        f"<script>self.__next_f.push({as_json([1, each])})</script>" for each in (rows[:99], rows[99:333], rows[333:])
    )


def data_script(name: str, value: Any) -> str:
    return f'<script type="application/json" id="{name}">{as_json(value)}</script>'


ARC = {
    "headlines": {"basic": TITLE}, "credits": {"by": [{"name": "Mona Reid"}]},
    "content_elements": [{"type": "text", "content": FIRST}, {"type": "image", "caption": "The tower."},
                         {"type": "text", "content": SECOND}],
}  # fmt: skip
NUXT = [["ShallowReactive", 1], {"data": 2}, {"story": 3}, {"title": 4, "body": 5, "self": 3}, TITLE, STORED]
ANGULAR = {"k": {"b": {"title": {"rendered": TITLE}, "content": {"rendered": STORED}}}}
STATE = as_json(as_json({"article": {"title": TITLE, "text": BODY}}))
FORMS = {
    "__NEXT_DATA__": next_data({"headline": TITLE, "body": rich(FIRST, SECOND)}),
    "__next_f": flight(),
    "Fusion.globalContent": f"<script>Fusion=Fusion||{{}};Fusion.globalContent={as_json(ARC)};Fusion.a=1;</script>",
    "window.__PRELOADED_STATE__": f"<script>var a={{b:1}};window.__PRELOADED_STATE__ = JSON.parse({STATE});</script>",
    "__INITIAL_STATE__": '<script>window["__INITIAL_STATE__"]={"user":undefined,"a":'
    + as_json({"title": TITLE, "html": STORED})
    + "}</script>",
    "__NUXT_DATA__": data_script("__NUXT_DATA__", NUXT),
    "ng-state": data_script("ng-state", ANGULAR),
}


@pytest.mark.parametrize("name", FORMS)
def test_an_article_that_is_only_data_is_read_from_it(name: str, parsed: Parsed) -> None:
    article = parsed(page(FORMS[name]), HTML)

    assert article.headline == TITLE
    assert article.body == BODY
    assert article.evidence["body"].source == "script"
    assert article.evidence["body"].rule.endswith(f" in {name}")
    assert {block.rule for block in article.blocks} == {article.evidence["body"].rule, "between passages"}


@pytest.mark.parametrize(
    "story",
    [
        {"headline": "A ferry for Corran, at last and with a bar", "body": STORED},
        {"headline": TITLE, "comments": STORED},
        {"headline": TITLE, "related": [{"title": "A ferry for Corran, at last", "body": STORED}]},
        {"headline": TITLE, "teasers": {"body": "<p>Short.</p>"}},
        {"body": STORED},
    ],
    ids=["of another", "comments", "inside is another", "hardly a text", "without a headline"],
)
def test_what_is_not_this_articles_text_is_not_taken(story: dict[str, Any], parsed: Parsed) -> None:
    with pytest.raises(Skip):
        parsed(page(next_data(story)), HTML)


def test_the_beginning_that_a_page_shows_goes_on_in_its_data(parsed: Parsed) -> None:
    shown = f"<article><h1>{TITLE}</h1><p>{FIRST}</p></article>"
    whole = parsed(page(next_data({"title": TITLE, "body": STORED}), shown), HTML)
    other = parsed(page(next_data({"title": TITLE, "body": f"<p>{SECOND}</p>{STORED[-99:]}" * 3}), shown), HTML)

    assert (whole.body, whole.evidence["body"].source) == (BODY, "script")
    assert (other.body, other.evidence["body"].source) == (FIRST, "html")


def test_captions_and_placeholders_in_a_stored_text_are_none_of_it(parsed: Parsed) -> None:
    stored = f'<div class="img-box"><p class="caption">The tower, by A. Reid.</p></div>$$ARTICLEAD$${STORED}[[AD:2]]'

    assert parsed(page(next_data({"title": TITLE, "body": stored})), HTML).body == BODY


def test_who_signs_and_when_is_in_the_data_where_nothing_else_says_it(parsed: Parsed) -> None:
    story = {
        "title": TITLE,
        "body": STORED,
        "authors": [{"name": "Mona Reid"}],
        "publishedAt": "2026-01-09T07:30:00+01:00",
    }
    article = parsed(page(next_data(story)), HTML)
    declared = parsed(page(next_data(story)).replace("<title>", '<meta name="author" content="Ian Moss"><title>'), HTML)

    assert [each.name for each in article.authors] == ["Mona Reid"]
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-01-09T06:30:00+00:00"
    assert (article.evidence["authors"].source, article.evidence["published_at"].rule) == ("script", "publishedAt")
    assert [each.name for each in declared.authors] == ["Ian Moss"]


def test_explanation_tells_what_no_reader_sees(observed_at: Any) -> None:
    given = page(next_data({"title": TITLE, "body": STORED}), "<footer>All about Corran</footer>")
    found = explain(read_raw(given.encode(), HTML, "gazette", observed_at), now=observed_at)

    lines = [found.page[each.start : each.end].rstrip("\n") for each in found.blocks]
    assert "\n".join(lines) == found.page
    assert lines == ["All about Corran", "[not shown, but in the page's data: body in __NEXT_DATA__]", FIRST, SECOND]
    assert [each.kind for each in found.blocks] == ["boilerplate", "unknown", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("stored", "markup"),
    [
        ("One.\n\nTwo & three.", "<p>One.</p><p>Two &amp; three.</p>"),
        ([{"text": "Bold "}, {"text": "and not."}], "<p>Bold and not.</p>"),
        ([{"text": "A sentence."}, {"text": "Another."}], "<p>A sentence.</p><p>Another.</p>"),
        ({"type": "heading", "children": [{"text": "Head"}]}, "<h2>Head</h2>"),
        ([{"_type": "block", "listItem": "bullet", "children": [{"_type": "span", "text": "Item"}]}], "<p>Item</p>"),
        ({"__typename": "ParagraphBlock", "text": "<b>Bold</b>."}, "<p><b>Bold</b>.</p>"),
        ({"type": "pullquote", "content": "Said."}, "<blockquote><p>Said.</p></blockquote>"),
        ({"type": "image", "text": "A caption."}, ""),
        ('[{"role": "body", "html": "A <i>word</i>."}, {"role": "oembed", "html": "x"}]', "<p>A <i>word</i>.</p>"),
        ('[{"role": "body"', ""),
        (7, ""),
    ],
)
def test_stored_text_becomes_markup(stored: Any, markup: str) -> None:
    assert markup_of(stored) == markup


@pytest.mark.parametrize(
    ("about", "times", "people"),
    [
        ({"createdAt": "2026-01-02", "publishedAt": "2026-01-03"}, ["2026-01-03", "2026-01-02"], []),
        ({"date": 1767430800, "first_published_at": 1767430800000},
         ["2026-01-03T09:00:00+00:00", "2026-01-03T09:00:00+00:00"], []),
        ({"updatedAt": "2026-01-02", "id": 1767430800, "publisher": "Post"}, [], []),
        ({"authors": [{"firstName": "Mona", "lastName": "Reid"}, "Ian Moss"]}, [], ["Mona Reid", "Ian Moss"]),
        ({"byLines": [{"writerName": "Mona Reid", "writerType": "WRITER"}], "authorId": "17"}, [], ["Mona Reid"]),
        ({"author": {"name": 3}, "writer": None}, [], []),
    ],
)  # fmt: skip
def test_fields_of_the_object_around_a_text(about: dict[str, Any], times: list[str], people: list[str]) -> None:
    assert [each.raw for each in times_of(about)] == times
    assert [each.raw for each in people_of(about)] == people


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/json">' + "[" * 200_000 + "</script>",
        "<script>" + 'x={"a":[' * 100_000 + "</script>",
        "<script>" + '={"a":undefined' * 50_000 + "</script>",
        '<script>self.__next_f.push([1,"1:Tffffff,short"])</script>',
        "<script>" + "__next_f.push(" * 50_000 + "</script>",
        '<script type="application/json">' + as_json([{"a": 0, "b": 0}, *range(5_000)]) + "</script>",
        data_script("b", [{"title": 1, "body": 2}, TITLE, *([at, at] for at in range(3, 60)), "word", *[0] * 99]),
    ],
    ids=["deep", "many", "undefined", "a length too long", "pushes of nothing", "a list of itself", "doubled lists"],
)  # fmt: skip
def test_data_made_to_take_long_does_not(script: str) -> None:
    tree = page_tree(page(script))
    began = time.process_time()
    find_stored(held(tree), [TITLE])

    assert time.process_time() - began < 1


def test_no_more_is_tried_than_is_worth_it() -> None:
    many = "<script>" + f"a={as_json([{'title': TITLE}] * 20)};" * (ATTEMPTS_LIMIT + 9) + "</script>"

    assert len(list(held(page_tree(page(many))))) == ATTEMPTS_LIMIT


def test_the_name_of_a_component_is_no_headline_of_another() -> None:
    data = {"title": TITLE, "main": {"name": "ArticlePageTemplate", "body": STORED}}

    assert find_stored([Held("a", data)], [TITLE])
    assert find_stored([Held("a", data | {"main": {"title": "Another page of it", "body": STORED}})], [TITLE]) is None


def test_of_several_texts_the_longest_counts() -> None:
    short = {"title": TITLE, "lead": FIRST, "body": STORED}

    found = find_stored([Held("a", [short, {"title": TITLE, "text": FIRST}])], [TITLE])

    assert found is not None
    assert (found.key, found.about) == ("body", short)

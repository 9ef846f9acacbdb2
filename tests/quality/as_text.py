"""Pages copied as text, the way a person would publish one: the reader of texts beside what anybody would try first."""

from collections.abc import Callable
from typing import Final

from services.parse.core import parse_bytes
from services.parse.raw.charset import decode
from shared.errors import Outcome
from tests.quality.copied import copied
from tests.quality.material import Labelled
from tests.quality.readers import READERS, Found, Reader, _in_its_zone

LONG: Final = 80
"""Characters of a line that is no menu's."""
MENU_LINE: Final = 60


def newswire_text(page: Labelled) -> Found:
    """The parser of this project, given the copied text."""
    headers = {"content-type": "text/plain", "newswire-url": page.url}
    body = copied(decode(page.markup).text).encode()
    try:
        article = parse_bytes(body, headers, "quality", page.fetched_at, now=page.fetched_at)
    except Outcome as outcome:
        return Found(refused=str(outcome))
    names = tuple(author.name for author in article.authors)
    return Found(article.body, article.headline, _in_its_zone(article), names)


def all_lines(text: str) -> str:
    """Everything."""
    return text


def long_lines(text: str) -> str:
    """The lines that are long."""
    return "\n".join(line for line in text.split("\n") if len(line) >= LONG)


def densest_run(text: str) -> str:
    """The run of lines that are longest beyond those of a menu, taken together."""
    lines = text.split("\n")
    best, start, total, most = range(0), 0, 0, 0
    for at, line in enumerate(lines):
        if total <= 0:
            start, total = at, 0
        total += len(line) - MENU_LINE if line.strip() else 0
        if total > most:
            best, most = range(start, at + 1), total
    return "\n".join(lines[at] for at in best)


def of_text(choose: Callable[[str], str]) -> Reader:
    """A parser that gives some lines of the copied text as the body."""
    return lambda page: Found(choose(copied(decode(page.markup).text)))


AS_TEXT: Final[dict[str, Reader]] = {
    "text: newswire": newswire_text,
    "text: all of it": of_text(all_lines),
    "text: long lines": of_text(long_lines),
    "text: densest run": of_text(densest_run),
}
READERS.update(AS_TEXT)

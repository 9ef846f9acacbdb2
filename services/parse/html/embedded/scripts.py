"""The values that a page's scripts hold as data, in the forms that frameworks give them.

JSON scripts (Next.js' `__NEXT_DATA__`, Angular's `ng-state`, Nuxt's `__NUXT_DATA__`), assignments of JSON
(`window.__INITIAL_STATE__ = {...}`, Arc's `Fusion.globalContent={...}`) and the rows of React's server components.
Scripts are never run: what is no JSON is passed over. Pure.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from services.parse.html.embedded.flight import PUSH, flight
from services.parse.html.embedded.revived import revived
from services.parse.html.jsonld import is_list
from services.parse.tree import Element

SCRIPTS_LIMIT: Final = 300
LEAST: Final = 300
"""Characters of a script; less is no article."""
READ_LIMIT: Final = 6_000_000
"""Characters that are read in all, those of attempts that fail among them."""
ATTEMPTS_LIMIT: Final = 40
NAME_LIMIT: Final = 60
_ASSIGNED: Final = re.compile(r"=\s{0,9}(?:JSON\.parse\(\s{0,9}(?=\")|(?=\{\s{0,9}\"|\[\s{0,9}[{\[\"]))")
_NAMES: Final = re.compile(r"[\w$]+(?:\.[\w$]+)*")
_UNDEFINED: Final = re.compile(r"(?<=[:,\[])\s?undefined(?=[,}\]])")
_DECODER: Final = json.JSONDecoder(strict=False)


class Held(NamedTuple):
    """A value with the name of the script or of the variable that holds it."""

    name: str
    value: Any


def held(tree: Element) -> Iterator[Held]:
    """The values in a page's scripts, in their order; React's rows, which many scripts make, last."""
    reader = _Reader()
    pushed: list[str] = []
    for script in list(tree.iter("script"))[:SCRIPTS_LIMIT]:
        text, kind = script.text or "", (script.get("type") or "").lower()
        if PUSH in text:
            pushed.append(text)
        elif "json" in kind and "ld+json" not in kind and len(text) >= LEAST:
            yield from reader.whole(script.get("id") or kind, text)
        elif "json" not in kind and len(text) >= LEAST:
            yield from reader.assigned(text)
    if pushed:
        yield from (Held("__next_f", value) for value in flight(pushed))


class _Reader:
    """Reads values as long as there is something left of what may be read."""

    def __init__(self) -> None:
        self.left = READ_LIMIT
        self.attempts = ATTEMPTS_LIMIT

    def whole(self, name: str, text: str) -> Iterator[Held]:
        value, _ = self._value(text, len(text) - len(text.lstrip()))
        if value is not None:
            yield Held(name[:NAME_LIMIT], revived(value) if is_list(value) else value)

    def assigned(self, text: str) -> Iterator[Held]:
        at = 0
        while match := _ASSIGNED.search(text, at):
            value, at = self._value(text, match.end())
            if isinstance(value, str):
                value, _ = self._value(value, 0)
            if value is not None:
                yield Held(_named(text[max(0, match.start() - NAME_LIMIT) : match.start()]), value)

    def _value(self, text: str, at: int) -> tuple[Any, int]:
        """The value that begins at a place, and where to go on; None for what is no JSON or too much."""
        if self.attempts <= 0 or len(text) - at > self.left:
            return None, at + 1
        self.attempts -= 1
        try:
            value, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            self.left -= error.pos - at
            if not text.startswith("undefined", error.pos):
                return None, at + 1
            self.left -= len(text) - at
            return self._value(_UNDEFINED.sub("null", text[at:]), 0)[0], len(text)
        except RecursionError:
            self.left = 0
            return None, at + 1
        self.left -= end - at
        return value, end


def _named(before: str) -> str:
    """The last name in what stands before a value: of `window["__DATA__"]` it is `__DATA__`."""
    return str((_NAMES.findall(before) or ["a script"])[-1])

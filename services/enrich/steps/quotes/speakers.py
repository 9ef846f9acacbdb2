"""Who says it: the name beside a verb of speech, near what is said. Pure.

A name is a run of words written as names are, in the same clause as the verb. Where the article's people are known,
the name has to touch one of them. A pronoun is nobody: whom it means is not certain.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from services.enrich.steps.quotes.spans import Span
from services.enrich.steps.quotes.verbs import is_name, verb

NEAR: Final = 160
"""Characters before and after what is said in which its speaker is looked for."""
BESIDE: Final = 90
"""Characters between a verb and the name that goes with it."""
_WORD: Final = re.compile(r"\w+(?:[-'’ʼ.]\w+)*")
_PARTICLES: Final = frozenset("von van der den de del della di da du la le el al bin ibn ben y i und zu dos".split())
_CLAUSE_END: Final = re.compile(r"[.!?…;\n«»“”„\"]")
_COMMON: Final = frozenset("der die das dem den des ein eine einer einem eines kein dieser".split())
"""Before a German noun, which is then no name unless another name follows it."""
_TITLES: Final = frozenset({"Mr", "Mrs", "Ms", "Dr", "Gen", "Sen", "Prof"})
TOUCHING: Final = 2
"""Characters between a name and its verb."""
_COMMA: Final = re.compile(r",\s")
_OF: Final = frozenset("of de del des du vom della dello degli from in im w we en".split())
"""Before a name that says of whom or where, not who."""
_THE: Final = frozenset("the la le los las les".split())
MOST_WORDS: Final = 6


class Attribution(NamedTuple):
    """A verb as it is written, and the speaker's place in the text; None where the text has a pronoun or nothing."""

    verb: str | None
    speaker: tuple[int, int] | None
    rule: str


def attribution(
    text: str,
    span: Span,
    known: frozenset[str],
    people: Sequence[tuple[int, int]],
    german: bool = False,  # noqa: FBT001, FBT002
) -> Attribution | None:
    """What stands beside the words: first after them, then before. None when no verb says that somebody speaks."""
    after = _clause_after(text, span)
    if found := verb(text, *after, known):
        return Attribution(found.group(), _speaker(text, after, found, people, german), "after")
    before = _clause_before(text, span)
    if found := verb(text, *before, known, last=True):
        return Attribution(found.group(), _speaker(text, before, found, people, german), "before")
    announced = _announced(text, span, people)
    return Attribution(None, announced, "colon") if announced else None


def _announced(text: str, span: Span, people: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """A person right before a colon and what is said."""
    before = text[span.paragraph_start : span.outer_start].rstrip()
    colon = span.paragraph_start + len(before) - 1
    return next((each for each in people if each[1] == colon), None) if before.endswith(":") else None


def _clause_after(text: str, span: Span) -> tuple[int, int]:
    """From the closing mark to the end of the sentence; nothing when a new sentence follows."""
    start = span.outer_end
    end = min(span.paragraph_end, start + NEAR)
    if text[start : start + 1] in {".", "!", "?", ";"}:
        return start, start
    ended = text[span.end - 1] in ".…" and text[start : start + 3].lstrip()[:1].isupper()
    if ended and span.rule != "dash" and not text[start : start + 2].strip().startswith((",", "—", "–")):
        following = _short(text, start, end)
        if not following:
            return start, start
    stop = _CLAUSE_END.search(text, start + 1, end) if start + 1 < end else None
    while stop and stop.group() == "." and _is_initial(text, stop.start()):
        stop = _CLAUSE_END.search(text, stop.end(), end)
    return start, stop.start() if stop else end


def _short(text: str, start: int, end: int) -> bool:
    """Whether a short sentence follows closed words, as in: "..." Ann Lee said."""
    stop = _CLAUSE_END.search(text, start + 1, end)
    return stop is not None and stop.group() == "." and len(text[start : stop.start()].split()) <= MOST_WORDS


def _clause_before(text: str, span: Span) -> tuple[int, int]:
    """From the start of the sentence to the opening mark; nothing when that sentence is closed."""
    start, end = max(span.paragraph_start, span.outer_start - NEAR), span.outer_start
    if text[start:end].rstrip()[-1:] in {".", "!", "?", "…"}:
        return end, end
    for stop in _CLAUSE_END.finditer(text, start, end):
        if not (stop.group() == "." and _is_initial(text, stop.start())):
            start = stop.end()
    return start, end


def _is_initial(text: str, stop: int) -> bool:
    """Whether a full stop belongs to an initial or to a title: "J. Smith", "Dr. Smith"."""
    word = re.search(r"\w+$", text[max(0, stop - 5) : stop])
    return word is not None and (len(word.group()) == 1 or word.group() in _TITLES)


def _speaker(
    text: str,
    clause: tuple[int, int],
    said: re.Match[str],
    people: Sequence[tuple[int, int]],
    german: bool,  # noqa: FBT001
) -> tuple[int, int] | None:
    """The name that touches the verb, else the one after it, else the last one before it.

    Of several people in a run the last one: "sagte Liverpools Trainer Jürgen Klopp".
    """
    behind = _names(text, said.end(), _noun_end(text, said.end(), clause[1]), german)[:2]
    ahead = _names(text, max(clause[0], said.start() - BESIDE), said.start(), german)[::-1]
    runs = [*ahead, *behind] if ahead and said.start() - ahead[0][1] <= TOUCHING else [*behind, *ahead]
    for run in runs:
        if not text[clause[0] : run[0]].strip() and _one_word(text, run) and said.start() - run[1] > TOUCHING:
            continue  # any word begins a sentence like that
        touched = max((each for each in people if each[0] < run[1] and run[0] < each[1]), default=None)
        if touched or not people:
            return touched or run
    return None


def _one_word(text: str, run: tuple[int, int]) -> bool:
    return " " not in text[run[0] : run[1]]


def _noun_end(text: str, start: int, end: int) -> int:
    """Where what follows the verb goes on to something else: at a comma that no name follows."""
    for comma in _COMMA.finditer(text, start, min(end, start + BESIDE)):
        if not text[comma.end() : comma.end() + 1].isupper():
            return comma.start()
    return min(end, start + BESIDE)


def _names(text: str, start: int, end: int, german: bool) -> list[tuple[int, int]]:  # noqa: FBT001
    """Runs of words written as names, with the particles between them."""
    runs: list[tuple[int, int]] = []
    first = last = -1
    before = further = ""
    count = 0
    for word in _WORD.finditer(text, start, end):
        near = last >= 0 and text[last : word.start()] in {" ", "\u00a0", ". "}
        token = word.group()
        of = before in _OF or (before in _THE and further in _OF) or (german and before in _COMMON)
        if is_name(token) and (near or not of):
            first = word.start() if not near else first
            count = count + 1 if near else 1
            if near and runs and count > 1:
                runs.pop()
            last = word.end()
            runs.append((first, last))
        elif near and token.casefold() in _PARTICLES:
            last = word.end()
        else:
            last, count = -1, 0
        before, further = token.casefold(), before
    return runs

"""What differs between two readings of the same raw message. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from services.ctl.output import plain
from shared.contracts import ParsedArticle, Reparsed

NOT_COMPARED: Final = frozenset({"observed_at", "parsed_at", "parser_version", "trace_id", "evidence"})
"""When it was read and by what; evidence is compared field by field."""
CONTEXT: Final = 24
"""Characters before the first difference that an example shows."""
SHOWN: Final = 70

Verdict = Literal["same", "changed", "other outcome", "not recorded", "gone"]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one raw message is read before and now. `fields`: values before and now, of those that differ."""

    key: str
    source: str
    verdict: Verdict
    before: str | None
    now: str | None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict[str, tuple[Any, Any]])


def compare(before: Reparsed | None, now: Reparsed | None) -> Difference:
    """The difference between two readings, of which at least one is there."""
    known = now or before
    if known is None:
        raise ValueError("nothing to compare")
    was, becomes = outcome_of(before), outcome_of(now)
    fields: dict[str, tuple[Any, Any]] = {}
    if before is None or now is None:
        verdict: Verdict = "not recorded" if before is None else "gone"
    elif was != becomes:
        verdict = "other outcome"
    else:
        fields = dict(_fields(before.article, now.article))
        verdict = "changed" if fields else "same"
    return Difference(known.key, known.source, verdict, was, becomes, fields)


def outcome_of(read: Reparsed | None) -> str | None:
    """An outcome with its reason."""
    if read is None:
        return None
    return f"{read.outcome}: {read.reason}" if read.reason else read.outcome


def _fields(before: ParsedArticle | None, now: ParsedArticle | None) -> Iterator[tuple[str, tuple[Any, Any]]]:
    if before is None or now is None:
        return
    was, becomes = before.model_dump(mode="json"), now.model_dump(mode="json")
    for name in becomes:
        if name not in NOT_COMPARED and was[name] != becomes[name]:
            yield name, (was[name], becomes[name])
    known, found = was["evidence"], becomes["evidence"]
    for name in sorted(known.keys() | found.keys()):
        if known.get(name) != found.get(name):
            yield f"evidence of {name}", (known.get(name), found.get(name))


def example(values: tuple[Any, Any]) -> tuple[str, str]:
    """Both values for a person: short, and from where they differ."""
    before, now = (_text(each) for each in values)
    start = max(0, _common(before, now) - CONTEXT) if max(len(before), len(now)) > SHOWN else 0
    return _cut(before, start), _cut(now, start)


def _text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    return value if isinstance(value, str) else str(value)


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _cut(text: str, start: int) -> str:
    return ("…" if start else "") + plain(text[start : start + 2 * SHOWN], SHOWN)

"""Differences counted by source and field, with a few examples: no more is kept of however many. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from services.ctl.output import columns, plain
from services.ctl.reparse.differences import Difference, Verdict, example

EXAMPLES: Final = 3
"""Of each field, and of each change of outcome."""
SOURCES: Final = 1_000
"""Sources that are counted one by one; the rest together."""
OTHERS: Final = "(other sources)"
DIFFERENT: Final[frozenset[Verdict]] = frozenset({"changed", "other outcome", "not recorded", "gone"})


@dataclass(frozen=True, slots=True)
class Example:
    """One message in which a field differs."""

    key: str
    before: str
    now: str


@dataclass(slots=True)
class Tally:
    """`whole`: whether everything there is should have been recorded, so that what was not is a difference."""

    whole: bool = True
    sources: dict[str, Counter[Verdict]] = field(default_factory=lambda: defaultdict(Counter[Verdict]))
    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter[str]))
    examples: dict[str, list[Example]] = field(default_factory=lambda: defaultdict(list[Example]))

    def add(self, difference: Difference) -> None:
        """Count one."""
        source = difference.source if difference.source in self.sources or len(self.sources) < SOURCES else OTHERS
        self.sources[source][difference.verdict] += 1
        changes = {name: example(values) for name, values in difference.fields.items()}
        if difference.verdict in {"other outcome", "not recorded", "gone"}:
            changes["outcome"] = (difference.before or "not recorded", difference.now or "gone")
        for name, (before, now) in changes.items():
            self.fields[name][source] += 1
            if len(self.examples[name]) < EXAMPLES:
                self.examples[name].append(Example(difference.key, before, now))

    def total(self, *verdicts: Verdict) -> int:
        """How many messages had one of these."""
        return sum(counter[verdict] for counter in self.sources.values() for verdict in verdicts)

    @property
    def different(self) -> int:
        """How many messages are read otherwise than recorded."""
        counted = DIFFERENT if self.whole else DIFFERENT - {"not recorded", "gone"}
        return self.total(*counted)

    def as_object(self) -> dict[str, Any]:
        """All of it, for a program."""
        return {
            "summary": {verdict: self.total(verdict) for verdict in get_args(Verdict)},
            "different": self.different,
            "sources": {source: dict(counter) for source, counter in sorted(self.sources.items())},
            "fields": {name: dict(counter) for name, counter in sorted(self.fields.items())},
        }


def lines(tally: Tally) -> Iterator[str]:
    """All of it, for a person."""
    shown = [verdict for verdict in get_args(Verdict) if tally.total(verdict)]
    yield columns(
        ("source", "messages", *shown),
        [
            (plain(source, 64), f"{counter.total():,}", *(f"{counter[verdict]:,}" for verdict in shown))
            for source, counter in sorted(tally.sources.items())
        ],
    )
    for name, counter in sorted(tally.fields.items(), key=lambda each: -each[1].total()):
        among = ", ".join(f"{plain(source, 64)} {number}" for source, number in counter.most_common(EXAMPLES))
        yield f"\n{name}: {counter.total():,} ({among}{', ...' if len(counter) > EXAMPLES else ''})"
        for each in tally.examples[name]:
            yield f"  {plain(each.key)}\n    - {each.before}\n    + {each.now}"
    if not tally.different:
        yield "\nnothing would change"

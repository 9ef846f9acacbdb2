"""The text of a profile's module. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.parse.times.months import Order

QUOTE: Final = 100
"""Characters of a line of code that a selector may take."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a draft says of a publisher. `selectors`: places by the name of their field."""

    name: str
    hosts: tuple[str, ...]
    country: str
    zone: str
    order: Order
    language: str | None
    since: date
    selectors: dict[str, str]


def module_of(facts: Facts) -> str:
    """The module's text."""
    hosts = ", ".join(f'"{host}"' for host in facts.hosts)
    language = f'\n    language="{facts.language}",' if facts.language else ""
    places = "".join(f"\n            {name}={_quoted(place)}," for name, place in facts.selectors.items())
    since = f"date({facts.since.year}, {facts.since.month}, {facts.since.day})"
    return f'''"""{facts.name}: {", ".join(facts.hosts)}."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="{facts.name}",
    hosts=frozenset({{{hosts}}}),
    country="{facts.country}",
    zone="{facts.zone}",
    order="{facts.order}",{language}
    layouts=(
        Layout(
            since={since},{places}
        ),
    ),
)
'''


def _quoted(place: str) -> str:
    return f"'{place}'" if '"' in place and "'" not in place else '"' + place.replace('"', '\\"') + '"'

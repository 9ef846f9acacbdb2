"""What enrichment adds to an article. Each finding says where in the body it stands, and which rule found it."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.article import ParsedArticle, Unit
from shared.contracts.base import Contract, Line, Utc

Offset = Annotated[int, Field(ge=0)]
"""Characters from the start of `body`."""

EntityKind = Literal["person", "organisation", "place", "event"]
PlaceKind = Literal["country", "region", "city"]
AmountKind = Literal["money", "percent", "quantity", "date"]


class Span(Contract):
    """A run of the body, `start` to `end` (exclusive)."""

    start: Offset
    end: Offset


class Entity(Contract):
    """Who or what the article speaks of. `name` is normalised ("Києві" is "Київ"); `mentions` are its first ones."""

    kind: EntityKind
    name: Line
    mentions: Annotated[tuple[Span, ...], Field(max_length=50)]
    count: Annotated[int, Field(ge=1)]
    salience: Unit
    """Its share of the article: 1 is the one thing that headline and lead are about."""
    confidence: Unit
    rule: Line


class Location(Contract):
    """WGS 84, degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class Place(Contract):
    """A place on the map. `country` is ISO 3166-1 alpha-2; `geonames_id` of geonames.org."""

    name: Line
    kind: PlaceKind
    geonames_id: int
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    location: Location
    mentions: Annotated[tuple[Span, ...], Field(max_length=50)]
    confidence: Unit
    rule: Line


class Quote(Contract):
    """What somebody said: `text` is `body[start:end]`, verbatim. `speaker` as the text names them."""

    text: Annotated[str, Field(max_length=10_000)]
    start: Offset
    end: Offset
    speaker: Line | None = None
    speaker_span: Span | None = None
    verb: Line | None = None
    confidence: Unit
    rule: Line


class Amount(Contract):
    """Money, a percentage, a quantity or a date in the text: `raw` is `body[start:end]`.

    `value` is the number with its multiplier ("2.5 bn" is 2500000000); of a range its lower end, `upper` the other.
    `unit` is ISO 4217 for money, `%`, or the unit's symbol. `date` is ISO 8601, as precise as the text is; a span of
    days is an interval, both ends included: `2024-07-09/2024-07-11`.
    """

    kind: AmountKind
    raw: Line
    start: Offset
    end: Offset
    value: float | None = None
    upper: float | None = None
    unit: Line | None = None
    date: Line | None = None
    rule: Line


class Topic(Contract):
    """An IPTC Media Topic: `id` is its code (`medtop:11000000`), `level` 1 at the top."""

    id: Line
    name: Line
    level: Annotated[int, Field(ge=1, le=2)]
    confidence: Unit


class Sentence(Contract):
    """A sentence of the body, verbatim."""

    text: Annotated[str, Field(max_length=5_000)]
    start: Offset
    end: Offset


class Credit(Contract):
    """An agency or outlet that the text credits: `raw` is `body[start:end]`, or stands in the byline."""

    agency: Line
    raw: Line
    start: Offset | None = None
    end: Offset | None = None
    rule: Line


class Enrichment(Contract):
    """How one step went. A step that did not end well leaves its fields empty and the article goes on."""

    version: Line
    status: Literal["done", "failed", "skipped", "timeout"]
    detail: Line | None = None


class EnrichedArticle(ParsedArticle):
    """`news.enriched.<source>`: the parsed article with what the steps found."""

    enriched_at: Utc
    language: Line | None = None
    """BCP 47; `und` when the text does not tell."""
    language_confidence: Unit | None = None
    headline_language: Line | None = None
    headline_language_confidence: Unit | None = None
    minhash: tuple[Line, ...] = ()
    """Bands of a MinHash over word shingles: two near copies share at least one."""
    credits: Annotated[tuple[Credit, ...], Field(max_length=20)] = ()
    entities: Annotated[tuple[Entity, ...], Field(max_length=100)] = ()
    people: tuple[Line, ...] = ()
    organisations: tuple[Line, ...] = ()
    events: tuple[Line, ...] = ()
    """Names of the entities of that kind, the most salient first: to count and to filter by."""
    places: Annotated[tuple[Place, ...], Field(max_length=100)] = ()
    countries: tuple[Line, ...] = ()
    """ISO 3166-1 alpha-2, the most mentioned first."""
    quotes: Annotated[tuple[Quote, ...], Field(max_length=100)] = ()
    amounts: Annotated[tuple[Amount, ...], Field(max_length=200)] = ()
    topics: Annotated[tuple[Topic, ...], Field(max_length=10)] = ()
    keyphrases: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    key_sentences: Annotated[tuple[Sentence, ...], Field(max_length=10)] = ()
    """The sentences that carry the article, in its order."""
    estimated_read_minutes: int | None = None
    """Our own; see read_minutes for the publisher's."""
    enrichment: dict[str, Enrichment] = Field(default_factory=dict)
    steps_done: tuple[Line, ...] = ()
    steps_missed: tuple[Line, ...] = ()
    """Names of the steps that are done, and of those that failed or took too long: to count and to run again."""

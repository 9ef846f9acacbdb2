"""Any order and any number of deliveries gives the same documents and the same history."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.index import core
from services.index.core import Arrival, Arriving, Change, Previous, decide, document, first_seen, steps
from shared.contracts import EnrichedArticle, Origin
from shared.errors import Poison
from shared.indices import REVISIONS, month_index, months_around
from tests.fakes.enriched import OBSERVED, article, with_unknown

TRACE = "ab" * 16
NOW = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)
ORDER_TELLS = {"first_seen_at", "indexed_at", "last_change"}
"""How a document came about: which version came first, when it was written, and over what."""


def stored(made: EnrichedArticle, sequence: int, generation: int = 0) -> dict[str, Any]:
    return document(made, Origin(1, sequence, generation), TRACE)


def known(made: EnrichedArticle, sequence: int, generation: int = 0, change: Change | None = None) -> Previous:
    whole = core.stamped(stored(made, sequence, generation), change or Change("new"), OBSERVED.isoformat(), NOW)
    return Previous.of("news-articles-v1-2026.03", whole)


BASE, OTHER_BODY, BETTER = article(), article(body="Other."), article(section="Sea")


@pytest.mark.parametrize(
    ("previous", "arriving", "action", "write", "record"),
    [
        (None, stored(BASE, 1), "new", True, True),
        (known(BASE, 1), stored(OTHER_BODY, 2), "revised", True, True),
        (known(BASE, 1), stored(BETTER, 2), "improved", True, False),
        (known(BASE, 1), stored(BASE, 2), "unchanged", True, False),
        (known(BASE, 1), stored(BETTER, 1, 1), "improved", True, False),
        (known(BASE, 2), stored(BASE, 1), "stale", False, True),
        (known(BASE, 1, 1), stored(BASE, 1), "stale", False, True),
        (known(BASE, 1), stored(BASE, 1), "new", False, True),
        (known(BASE, 1, 0, Change("revised", "r", "h", ("body",))), stored(BASE, 1), "revised", False, True),
        (known(BASE, 1, 0, Change("improved")), stored(BASE, 1), "improved", False, False),
        (known(BASE, 1, 0, Change("unchanged")), stored(BASE, 1), "unchanged", False, False),
    ],
)
def test_decisions(previous: Previous | None, arriving: dict[str, Any], action: str, write: Any, record: Any) -> None:
    decision = decide(previous, arriving)

    assert (decision.change.action, decision.write, decision.record) == (action, write, record)


def test_a_revision_names_what_changed() -> None:
    change = decide(known(BASE, 1), stored(article(headline="New", body="New.", section="Sea"), 2)).change

    assert change == Change("revised", BASE.revision_id, BASE.headline, ("headline", "section", "body"))


def test_a_revision_that_differs_in_another_way_than_its_body_does_not_name_it() -> None:
    assert decide(known(BASE, 1), stored(article(headline="New"), 2)).change.changed == ("headline",)


@pytest.mark.parametrize("name", sorted(core.VOLATILE - {"origin", "trace_id"}))
def test_what_every_delivery_changes_does_not_count_as_change(name: str) -> None:
    value: Any = 7 if name == "raw_bytes" else "other" if name == "raw_sha256" else NOW

    assert decide(known(BASE, 1), stored(article(**{name: value}), 2)).change.action == "unchanged"


def test_a_document_of_another_writer_counts_as_older_and_different() -> None:
    previous = Previous.of("news-articles-v1-2026.03", {})

    assert decide(previous, stored(BASE, 1)).change.action == "revised"
    assert decide(replace(previous, revision_id=BASE.revision_id), stored(BASE, 1)).change.action == "improved"


def test_a_document_of_another_writer_is_given_a_first_time() -> None:
    previous = Previous.of("news-articles-v1-2026.02", {})

    (step,) = steps([Arrival(0, OBSERVED, stored(BASE, 1))], {"article-1": previous}, NOW)

    assert step.index == "news-articles-v1-2026.02"
    assert b'"first_seen_at":"2026-03-14' in step.operations[0].body


VERSIONS = st.lists(
    st.builds(
        lambda sequence, generation, choice: (sequence, generation, choice),
        st.integers(1, 6),
        st.integers(0, 1),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda version: version[:2],  # one origin is one message, with one content
)
CHOICES = [
    article(),
    article(body="B."),
    article(body="B.", section="Sea"),
    article(headline="C"),
    article(keywords=["k"]),
]


class Store:
    """OpenSearch as far as external versions go."""

    def __init__(self) -> None:
        self.documents: dict[tuple[str, str], tuple[int, bytes]] = {}

    def previous(self) -> dict[str, Previous]:
        return {
            identity: Previous.of(index, core.orjson.loads(body))
            for (index, identity), (_, body) in self.documents.items()
            if index != REVISIONS
        }

    def write(self, batch: list[Arrival]) -> None:
        for step in steps(batch, self.previous(), NOW):
            for each in step.operations:
                place = each.index, each.id
                if place not in self.documents or self.documents[place][0] < each.version:
                    self.documents[place] = each.version, each.body

    def state(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {
            place: {name: value for name, value in core.orjson.loads(body).items() if name not in ORDER_TELLS}
            for place, (_, body) in self.documents.items()
        }


@given(data=st.data(), versions=VERSIONS)
def test_any_order_and_number_of_deliveries_gives_the_same_documents_and_history(
    data: st.DataObject, versions: list[tuple[int, int, int]]
) -> None:
    arrivals = [Arrival(0, OBSERVED, stored(CHOICES[choice], s, g)) for s, g, choice in versions]
    again = data.draw(st.lists(st.sampled_from(arrivals), max_size=6))
    deliveries = data.draw(st.permutations([*arrivals, *again]))
    size = data.draw(st.integers(1, 5))

    expected, found = Store(), Store()
    for arrival in sorted(arrivals, key=lambda each: Origin.parse(each.stored["origin"])):
        expected.write([arrival])
    for start in range(0, len(deliveries), size):
        found.write(deliveries[start : start + size])

    assert found.state() == expected.state()


@given(data=st.data(), versions=VERSIONS)
def test_a_redelivery_of_what_stands_has_the_outcome_it_had(
    data: st.DataObject, versions: list[tuple[int, int, int]]
) -> None:
    store = Store()
    for s, g, choice in data.draw(st.permutations(versions)):
        arrival = Arrival(0, OBSERVED, stored(CHOICES[choice], s, g))
        (first,) = steps([arrival], store.previous(), NOW)
        store.write([arrival])
        if first.change.action == "stale":
            continue
        (again,) = steps([arrival], store.previous(), NOW)
        assert again.change == first.change
        assert not again.writes_article


def test_what_cannot_be_written_is_refused_before_it_meets_its_neighbours() -> None:
    for bad in (article(read_minutes=2**70), article(article_id=""), article(article_id="ю" * 300)):
        with pytest.raises(Poison, match="refused_by_mapping"):
            stored(bad, 1)


def test_unknown_fields_are_kept_up_to_a_limit() -> None:
    few = Arriving.model_validate_json(with_unknown(article(), later={"a": 1}))
    many = Arriving.model_validate_json(with_unknown(article(), later="x" * 20_000))

    assert stored(few, 1)["extra"] == {"later": {"a": 1}}
    assert stored(many, 1)["extra"] == {"dropped_bytes": "20012"}


def test_an_article_counts_as_first_seen_when_its_raw_message_was_accepted_if_that_month_is_open() -> None:
    assert first_seen(OBSERVED, NOW) == OBSERVED
    assert first_seen(datetime(2025, 12, 31, tzinfo=UTC), NOW) == NOW


def test_months() -> None:
    assert months_around(datetime(2026, 1, 31, tzinfo=UTC)) == (
        "news-articles-v1-2025.12", "news-articles-v1-2026.01", "news-articles-v1-2026.02",
    )  # fmt: skip
    assert months_around(datetime(2026, 12, 1, tzinfo=UTC))[2] == "news-articles-v1-2027.01"
    assert month_index(datetime.fromisoformat("2026-04-01T01:00:00+03:00")) == "news-articles-v1-2026.03"


def test_events_tell_what_was_written() -> None:
    document_ = stored(BASE, 2)
    event = core.indexed_event(document_, "new", "news-articles-v1-2026.03", NOW)

    assert (event.version, event.origin, event.trace_id) == (Origin(1, 2).version, "1:2:0", TRACE)
    assert event.published_at == BASE.published_at
    assert (event.body_chars, event.author_count) == (len(BASE.body), len(BASE.authors))
    gone = core.indexed_event({**document_, "status": "canceled"}, "revised", "news-articles-v1-2026.03", NOW)
    assert (gone.body_chars, gone.author_count) == (None, None)
    revised = core.revised_event(document_, Change("revised", "old", "Old", ("body",)), NOW)
    assert (revised.previous_revision_id, revised.previous_headline, revised.changed) == ("old", "Old", ("body",))

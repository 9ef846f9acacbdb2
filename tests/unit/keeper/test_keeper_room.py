"""How much is removed, when the ledger is out of balance, which sources are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.keeper.core import OTHERS, Fill, Ledger, Place, Reading, Record, imbalance, leading, room_made_by
from shared.contracts.balance import Balance


@pytest.mark.parametrize(
    ("fill", "floor", "sequence"),
    [
        (Fill(100, 1_000, 1, 1_000), 100, 27),  # half of what brings it to 50 %
        (Fill(100, 1_000, 1, 1_000), 10, 11),  # never beyond the floor
        (Fill(100, 1_000, 1, 1_000), 0, None),  # nobody is done with anything
        (Fill(100, 1_000, 50, 1_000), 49, None),  # all that may go is gone
        (Fill(100, 500, 1, 1_000), 100, None),
        (Fill(1, 900, 5, 1_000), 5, 6),  # one message that is too much goes whole
        (Fill(0, 900, 5, 1_000), 9, None),
    ],
)
def test_room(fill: Fill, floor: int, sequence: int | None) -> None:
    assert room_made_by(fill, floor) == sequence


@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=200), st.integers(0, 200))
def test_steps_end_at_the_aim_or_at_the_floor(sizes: list[int], floor: int) -> None:
    # given: a stream that is full
    limit, first = sum(sizes), 1
    floor = min(floor, len(sizes))

    def fill() -> Fill:
        left = sizes[first - 1 :]
        return Fill(len(left), sum(left), first, limit)

    # when
    steps = 0
    while (sequence := room_made_by(fill(), floor)) is not None:
        assert first < sequence <= floor + 1
        first, steps = sequence, steps + 1
        assert steps < 30
    # then
    assert first == floor + 1 or fill().bytes <= limit / 2


def reading(in_flight: int, *marks: int) -> Reading:
    return Reading(in_flight, marks, {"RAW": Place(1, 3)})


def test_an_imbalance_is_told_only_when_nothing_moved() -> None:
    ledger = Ledger()
    for number in range(1, 4):
        ledger.post(Record("RAW", Place(1, number), "news.raw.a", {}))
    assert imbalance(ledger, reading(3, 1), reading(3, 1)) == 0
    assert imbalance(ledger, reading(2, 1), reading(2, 1)) == 1
    assert imbalance(ledger, reading(4, 1), reading(4, 1)) == -1
    assert imbalance(ledger, reading(2, 1), reading(2, 2)) is None
    ledger.advance("RAW", Place(1, 4))
    assert imbalance(ledger, reading(3, 1), reading(3, 1)) is None


def test_the_largest_sources_are_named_and_the_rest_is_summed() -> None:
    balances = {
        name: Balance(source=name, raw=raw, in_flight=raw) for name, raw in zip("abcd", (1, 9, 5, 2), strict=True)
    }
    found = leading(balances, 2)
    assert sorted(found) == [OTHERS, "b", "c"]
    assert found[OTHERS] == Balance(source=OTHERS, raw=3, in_flight=3)
    assert leading(balances, 4) == balances
    assert leading({OTHERS: Balance(source=OTHERS, raw=3)}, 4) == {OTHERS: Balance(source=OTHERS, raw=3)}

"""What `newswire enrich` makes of what it is told, and of what is stored."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from services.ctl.__main__ import cli
from services.ctl.enrich.again import Again, message_of
from services.ctl.enrich.command import Tally
from services.ctl.enrich.since import moment_of
from services.ctl.enrich.stored import Stored, Went
from services.enrich.core import Arriving
from services.index.core import Change, document, stamped
from shared.contracts import EnrichedArticle, Origin
from shared.errors import Poison
from tests.fakes.enriched import OBSERVED, whole_article

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def _stored(**changes: Any) -> Stored:
    whole = document(whole_article(), Origin(7, 12, 3), "ab" * 16)
    kept = stamped(whole, Change("new"), OBSERVED.isoformat(), NOW) | changes
    return Stored("news-articles-v1-2026.03", kept["article_id"], orjson.loads(orjson.dumps(kept)))


def test_a_replay_is_the_whole_article_as_the_next_generation_for_one_step() -> None:
    subject, body, headers = message_of(_stored(), "entities")
    assert subject == "news.replay.enrich.harbour-post"
    assert EnrichedArticle.model_validate_json(body) == whole_article()
    assert set(orjson.loads(body)) <= set(EnrichedArticle.model_fields), "nothing of what index adds travels"
    assert headers["Newswire-Origin"] == "7:12:4"
    assert headers["Nats-Msg-Id"] == "replay:enrich:7:12:4"
    assert headers["Newswire-Steps"] == "entities"
    assert headers["Newswire-Observed-At"] == OBSERVED.isoformat()
    assert headers["traceparent"].split("-")[1] == "ab" * 16


def test_a_replay_is_an_article_that_enrich_takes() -> None:
    _, body, _ = message_of(_stored(), "entities")
    assert Arriving.model_validate_json(body).enrichment == whole_article().enrichment


def test_what_a_later_version_added_stays_in_its_replay() -> None:
    _, body, _ = message_of(_stored(extra={"mood": "grim"}), "entities")
    assert orjson.loads(body)["mood"] == "grim"


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"origin": "7:12:255"}, "invalid_origin", "was replayed 255 times already"),
        ({"origin": "nonsense"}, "invalid_origin", "not an origin"),
        ({"headline": 5}, "invalid_message", "headline"),
    ],
)
def test_a_document_that_cannot_be_replayed_says_why(changes: dict[str, Any], reason: str, said: str) -> None:
    with pytest.raises(Poison) as refused:
        message_of(_stored(**changes), "entities")
    assert refused.value.reason == reason
    assert said in refused.value.detail


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90m", NOW - timedelta(minutes=90)), ("24h", NOW - timedelta(days=1)), ("2w", NOW - timedelta(days=14)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)), ("2026-03-01T09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_moments_are_told_as_people_write_them(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


@given(st.text(max_size=30))
def test_any_other_text_is_refused_in_one_way(text: str) -> None:
    with suppress(ValueError, OverflowError):
        assert moment_of(text, NOW).tzinfo == UTC


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "entities"], "--since"), (["--since", "24h"], "--only"),
        (["--only", "entities", "--since", "soon"], "'soon' is no moment"),
        (["--only", "a.b*", "--since", "24h"], "a step is called as in `enrichment`"),
    ],
)  # fmt: skip
def test_wrong_usage_says_what_is_right(arguments: list[str], said: str) -> None:
    ended = CliRunner().invoke(cli, ["enrich", *arguments])
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_run_went_well_when_each_article_has_what_there_is_or_is_a_newer_one() -> None:
    well = Tally("2")
    well.add(Again("improved"), Went("done", "2"))
    well.add(Again("unchanged"), Went("skipped", "2"))
    well.add(Again("stale"), None)
    assert well.well
    for again, went in ((Again("improved"), Went("failed", "2")), (Again("improved"), Went(None, None)),
                        (Again("improved"), Went("done", "1")),
                        (Again("resource_limit", "3 s"), None), (Again("no outcome", "7:12:4"), None)):  # fmt: skip
        badly = Tally("2")
        badly.add(again, went)
        assert not badly.well

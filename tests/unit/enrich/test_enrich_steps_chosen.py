"""Which steps a replica runs, and what it says of those it leaves out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from services.enrich import __main__, service
from services.enrich.core import enrich
from services.enrich.settings import EnrichSettings
from services.enrich.steps import STEPS, Step
from services.enrich.steps.step import NothingToDo
from shared.contracts import EnrichedArticle
from tests.fakes.enriched import article, inbound

NAMES = tuple(step.name for step in STEPS)
BY_LANGUAGE = tuple(name for name in NAMES if name not in {"fingerprint", "credits"})
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _nothing(_: EnrichedArticle) -> Mapping[str, Any]:
    raise NothingToDo("nothing")


HEAVY = Step("heavy", "1", frozenset(), _nothing, packages=("json", "no_such_package"))
BETTER = Step("better", "1", frozenset(), _nothing, better_with=("no_such_package",))


def test_all_steps_run_unless_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert EnrichSettings.load().chosen() == NAMES
    monkeypatch.setenv("NEWSWIRE_ENRICH_STEPS", "fingerprint, language")
    assert EnrichSettings.load().chosen() == ("language", "fingerprint")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("language,nonsense", "no step is called nonsense; there are language, "),
        ("places", "these steps need entities too"),
    ],
)
def test_a_wrong_choice_is_refused_by_name(
    names: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWSWIRE_ENRICH_STEPS", names)
    with pytest.raises(SystemExit) as exit_:
        EnrichSettings.load()
    assert exit_.value.code == 78
    assert told in capsys.readouterr().err


def test_the_command_line_chooses_steps_too(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[tuple[str, ...]] = []
    monkeypatch.setenv("NEWSWIRE_ENRICH_STEPS", "")
    monkeypatch.setattr(__main__, "EnrichingPool", lambda _: SimpleNamespace(begin=lambda: None))
    monkeypatch.setattr(service, "build", lambda settings, _: built.append(settings.chosen()))
    monkeypatch.setattr("shared.bus.service.run", lambda _: None)
    assert CliRunner().invoke(__main__.main, ["--steps", "language"]).exit_code == 0
    assert built == [("language",)]


def test_a_step_whose_packages_are_not_installed_is_skipped_and_says_so() -> None:
    went = enrich(article(), [HEAVY], now=NOW).enrichment["heavy"]
    assert (went.status, went.detail) == ("skipped", "not installed: no_such_package")


def test_the_service_says_at_its_start_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(service.telemetry, "warn", lambda event, **fields: told.append((event, fields["step"])))
    service._report_left_out([replace(STEPS[0], better_with=()), HEAVY, BETTER])
    assert told == [("enrich.step_left_out", "heavy"), ("enrich.step_reduced", "better")]


@pytest.mark.parametrize(
    ("header", "ran"),
    [
        (None, NAMES), ("", NAMES), ("topics", ("topics",)), ("entities", ("entities", "places", "quotes")),
        ("language", BY_LANGUAGE), (" topics, places ", ("places", "topics")), ("nonsense", ()),
    ],
)  # fmt: skip
def test_a_replay_for_one_step_runs_it_and_what_builds_upon_it(header: str | None, ran: tuple[str, ...]) -> None:
    headers = {} if header is None else {"newswire-steps": header}
    assert service.asked_of(inbound(article(), headers=headers), NAMES) == ran


def test_a_replica_runs_no_step_that_it_was_not_to_run() -> None:
    asked = inbound(article(), headers={"newswire-steps": "entities"})
    assert service.asked_of(asked, ("language", "topics")) == ()

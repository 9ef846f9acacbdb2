"""Each step adds its fields or says why not, and no step loses the article."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.core import enrich
from services.enrich.steps import STEPS, Step
from services.enrich.steps.step import NothingToDo
from shared.contracts import EnrichedArticle, ParsedArticle

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEXTS = {
    "en": "The council of the harbour town voted on Tuesday to rebuild the old lighthouse before winter comes.",
    "uk": "Міська рада портового міста у вівторок проголосувала за відбудову старого маяка ще до зими.",
    "ru": "Городской совет портового города во вторник проголосовал за восстановление старого маяка до зимы.",
    "de": "Der Rat der Hafenstadt stimmte am Dienstag dafür, den alten Leuchtturm vor dem Winter aufzubauen.",
    "zh": "港口城市的议会星期二投票决定在冬天到来之前重建旧灯塔,市长表示工程将于下周开始。",
}


def article(headline: str = "Old lighthouse to be rebuilt", body: str = TEXTS["en"]) -> ParsedArticle:
    return ParsedArticle(
        article_id="a", revision_id="r", source="harbour", headline=headline, body=body, observed_at=NOW,
        parsed_at=NOW, raw_sha256="0", raw_bytes=1, content_type="text/plain", parser="text", parser_version="1",
        extraction_confidence=0.5, block_basis="page",
    )  # fmt: skip


def run(given_article: ParsedArticle, *steps: Step) -> tuple[EnrichedArticle, list[str]]:
    failed: list[str] = []
    return enrich(given_article, steps or STEPS, now=NOW, failed=lambda name, _: failed.append(name)), failed


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_the_language_of_an_article_is_found(language: str, text: str) -> None:
    found, _ = run(article(text[:30], text))
    assert found.language == language
    assert found.language_confidence is not None
    assert found.language_confidence > 0.5


@pytest.mark.parametrize("body", ["", "12 34 56 %", "ok"])
def test_too_little_text_has_no_language(body: str) -> None:
    found, failed = run(article("12:30", body))
    assert found.language is None
    assert found.enrichment["language"].status == "skipped"
    assert not failed


def test_near_copies_share_a_band_and_other_texts_do_not() -> None:
    words = [f"word{n}" for n in range(300)]
    original, _ = run(article(body=" ".join(words)))
    copy, _ = run(article(body=" ".join([*words[:290], "but", "shorter"])))
    other, _ = run(article(body=" ".join(f"other{n}" for n in range(300))))
    assert set(original.minhash) & set(copy.minhash)
    assert not set(original.minhash) & set(other.minhash)
    assert len(original.minhash) == 16


def test_a_step_that_fails_marks_itself_and_the_article_goes_on() -> None:
    def broken(_: ParsedArticle) -> Mapping[str, Any]:
        raise RuntimeError("no model")

    found, failed = run(article(), Step("broken", "1", frozenset({"language"}), broken), *STEPS)
    assert failed == ["broken"]
    assert found.enrichment["broken"].status == "failed"
    assert found.enrichment["broken"].detail == "RuntimeError: no model"
    assert found.language == "en"


def test_a_step_sets_no_fields_but_its_own() -> None:
    greedy = Step("greedy", "1", frozenset({"language"}), lambda _: {"language": "fr", "headline": "mine"})
    found, _ = run(article(), greedy)
    assert (found.language, found.headline) == ("fr", "Old lighthouse to be rebuilt")


def test_a_step_may_have_nothing_to_do() -> None:
    def idle(_: ParsedArticle) -> Mapping[str, Any]:
        raise NothingToDo("not today")

    found, failed = run(article(), Step("idle", "1", frozenset(), idle))
    assert (found.enrichment["idle"].status, found.enrichment["idle"].detail) == ("skipped", "not today")
    assert not failed


@given(st.text(max_size=3_000).filter(lambda text: text.isprintable()))
def test_no_text_makes_a_default_step_fail(body: str) -> None:
    found, failed = run(article(body=body))
    assert failed == []
    assert found.body == body


@pytest.mark.parametrize("body", ["a" * 900_000, "word " * 200_000, "\u202e\u200b" * 1_000, "9" * 100_000])
def test_long_and_odd_bodies_are_bounded(body: str) -> None:
    _, failed = run(article(body=body))
    assert failed == []

"""Each step adds its fields or says why not, and no step loses the article."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.core import Arriving, enrich
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


def run(given_article: ParsedArticle, *steps: Step) -> EnrichedArticle:
    return enrich(given_article, steps or STEPS, now=NOW)


def step(name: str, found: Callable[[EnrichedArticle], Mapping[str, Any]], *fields: str, needs: str = "") -> Step:
    return Step(name, "1", frozenset(fields), found, needs=tuple(needs.split()))


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_the_language_of_an_article_is_found(language: str, text: str) -> None:
    found = run(article(text[:30], text))
    assert found.language == language
    assert found.language_confidence is not None
    assert found.language_confidence > 0.5


@pytest.mark.parametrize("body", ["", "12 34 56 %", "ok"])
def test_too_little_text_has_no_language(body: str) -> None:
    found = run(article("12:30", body))
    assert found.language is None
    assert found.enrichment["language"].status == "skipped"
    assert not found.steps_missed


def test_near_copies_share_a_band_and_other_texts_do_not() -> None:
    words = [f"word{n}" for n in range(300)]
    original = run(article(body=" ".join(words)))
    copy = run(article(body=" ".join([*words[:290], "but", "shorter"])))
    other = run(article(body=" ".join(f"other{n}" for n in range(300))))
    assert set(original.minhash) & set(copy.minhash)
    assert not set(original.minhash) & set(other.minhash)
    assert len(original.minhash) == 16


def test_a_step_that_fails_marks_itself_and_the_article_goes_on() -> None:
    def broken(_: EnrichedArticle) -> Mapping[str, Any]:
        raise RuntimeError("no model")

    found = run(article(), step("broken", broken, "language"), *STEPS)
    went = found.enrichment["broken"]
    assert went.status == "failed"
    assert went.detail
    assert re.fullmatch(r"RuntimeError at test_enrich_core.py:\d+: no model", went.detail)
    assert found.language == "en"
    assert found.steps_missed == ("broken",)
    assert found.steps_done == run(article(), *STEPS).steps_done


def test_a_value_that_breaks_the_contract_is_the_fault_of_its_step_alone() -> None:
    wrong = step("wrong", lambda _: {"countries": ["UA"], "language_confidence": 7.0}, "language_confidence")
    found = run(article(), wrong, *STEPS)
    assert found.enrichment["wrong"].status == "failed"
    assert found.language == "en"


def test_a_step_sets_no_fields_but_its_own() -> None:
    found = run(article(), step("greedy", lambda _: {"language": "fr", "headline": "mine"}, "language"))
    assert (found.language, found.headline) == ("fr", "Old lighthouse to be rebuilt")


def test_a_step_may_have_nothing_to_do() -> None:
    def idle(_: EnrichedArticle) -> Mapping[str, Any]:
        raise NothingToDo("not today")

    found = run(article(), step("idle", idle))
    assert (found.enrichment["idle"].status, found.enrichment["idle"].detail) == ("skipped", "not today")
    assert not found.steps_missed


def test_a_step_sees_what_those_before_it_found() -> None:
    first = step("first", lambda _: {"language": "uk"}, "language")
    second = step("second", lambda known: {"keyphrases": [known.language]}, "keyphrases", needs="first")
    assert run(article(), first, second).keyphrases == ("uk",)


def test_a_step_is_skipped_when_what_it_needs_is_not_done() -> None:
    second = step("second", lambda _: {"keyphrases": ["x"]}, "keyphrases", needs="first")
    found = run(article(), second)
    assert found.enrichment["second"].status == "skipped"
    assert found.enrichment["second"].detail == "needs first"
    assert found.keyphrases == ()


def test_what_took_too_long_before_is_not_run_again() -> None:
    started: list[str] = []
    first = step("first", lambda _: {"language": "uk"}, "language")
    slow = step("slow", lambda _: {"keyphrases": ["x"]}, "keyphrases")
    found = enrich(article(), [first, slow], now=NOW, starting=started.append, overdue={"slow": "took too long"})
    assert started == ["first"]
    assert (found.enrichment["slow"].status, found.enrichment["slow"].detail) == ("timeout", "took too long")
    assert (found.steps_done, found.steps_missed) == (("first",), ("slow",))


def test_one_step_again_keeps_what_others_found_and_clears_its_own() -> None:
    before = run(article(), *STEPS, step("phrases", lambda _: {"keyphrases": ["old"]}, "keyphrases"))
    again = run(before, step("phrases", lambda _: {}, "keyphrases"))
    assert again.keyphrases == ()
    assert (again.language, again.minhash) == (before.language, before.minhash)
    assert again.steps_done == before.steps_done


def test_a_parsed_article_and_an_enriched_one_are_read_alike() -> None:
    fresh = Arriving.model_validate_json(article().model_dump_json())
    again = Arriving.model_validate_json(run(article()).model_dump_json())
    assert run(fresh) == run(again)


@given(st.text(max_size=3_000).filter(lambda text: text.isprintable()))
def test_no_text_makes_a_default_step_fail(body: str) -> None:
    found = run(article(body=body))
    assert found.steps_missed == ()
    assert found.body == body


@pytest.mark.parametrize("body", ["a" * 900_000, "word " * 200_000, "\u202e\u200b" * 1_000, "9" * 100_000])
def test_long_and_odd_bodies_are_bounded(body: str) -> None:
    assert run(article(body=body)).steps_missed == ()


def test_a_step_whose_packages_are_not_installed_says_so() -> None:
    absent = Step(
        "absent", "1", frozenset({"keyphrases"}), lambda _: {"keyphrases": ["x"]}, packages=("no-such-package",)
    )
    found = run(article(), absent)
    assert found.enrichment["absent"].status == "skipped"
    assert found.enrichment["absent"].detail == "not installed: no-such-package"

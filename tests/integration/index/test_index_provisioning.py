"""Provisioning of the real OpenSearch: idempotent, shows what it would change, refuses to destroy."""

from datetime import UTC, datetime
from typing import Any

import pytest
from opensearchpy import AsyncOpenSearch

from deploy.opensearch import provision as module
from deploy.opensearch.provision import has_ukrainian, provision
from deploy.opensearch.templates import Cluster, templates
from deploy.version import DATA_VERSION
from shared.errors import DependencyDown
from shared.indices import SEARCH_FIELDS
from shared.opensearch import ask, connect, ensure_months
from tests.fakes.enriched import article, inbound, whole_article
from tests.integration.index.conftest import NOW

MONTHS = ["news-articles-v1-2026.02", "news-articles-v1-2026.03", "news-articles-v1-2026.04"]


async def kinds(client: AsyncOpenSearch, *, dry_run: bool = False) -> dict[str, str]:
    return {change.what: change.kind for change in await provision(client, NOW, dry_run=dry_run)}


async def test_a_dry_run_shows_all_and_changes_nothing(search: AsyncOpenSearch) -> None:
    first, second = await kinds(search, dry_run=True), await kinds(search, dry_run=True)

    assert first == second
    assert {f"index {name}" for name in MONTHS} < {what for what, kind in first.items() if kind == "create"}


async def test_a_second_run_changes_nothing(search: AsyncOpenSearch) -> None:
    assert "create" in (await kinds(search)).values()

    assert set((await kinds(search)).values()) == {"same"}


async def test_an_older_template_and_an_index_that_lacks_a_field_are_brought_up(search: AsyncOpenSearch) -> None:
    await kinds(search)
    await ask(search, "PUT", "/_component_template/news-settings", {"template": {}, "_meta": {"owner": "newswire"}})
    await ask(search, "DELETE", f"/{MONTHS[0]}")
    old = {"settings": {"analysis": {"analyzer": {"news_uk": {"type": "standard"}}}}, "mappings": {"dynamic": True}}
    await ask(search, "PUT", f"/{MONTHS[0]}", old)

    changes = {each.what: each for each in await provision(search, NOW, dry_run=False)}

    assert changes["template news-settings"].kind == "update"
    assert changes[f"index {MONTHS[0]}"].kind == "update"
    assert set((await kinds(search)).values()) == {"same"}


async def test_an_index_outside_of_the_alias_is_taken_in(search: AsyncOpenSearch) -> None:
    await kinds(search)
    await ask(search, "DELETE", f"/{MONTHS[0]}/_alias/news")

    changes = {each.what: each for each in await provision(search, NOW, dry_run=False)}

    assert changes["alias news"].kind == "update"
    assert set((await kinds(search)).values()) == {"same"}


async def test_copies_are_a_setting_also_of_the_indices_that_are_there(search: AsyncOpenSearch) -> None:
    await kinds(search)

    changes = {each.what: each.detail for each in await provision(search, NOW, replicas=1, dry_run=False)}

    assert {f"copies of {name}": "0 → 1" for name in (*MONTHS, "news-revisions")}.items() <= changes.items()
    assert {each.kind for each in await provision(search, NOW, replicas=1, dry_run=False)} == {"same"}
    await ask(search, "DELETE", f"/{MONTHS[0]}")
    await provision(search, NOW, replicas=1, dry_run=False)
    made = await ask(search, "GET", f"/{MONTHS[0]}/_settings")
    assert made[MONTHS[0]]["settings"]["index"]["number_of_replicas"] == "1"
    assert set((await kinds(search)).values()) == {"update", "same"}, "and back"


async def test_what_would_destroy_is_refused_by_name_and_then_nothing_at_all_is_changed(
    search: AsyncOpenSearch,
) -> None:
    await ask(search, "PUT", "/news-revisions", {"mappings": {"properties": {"headline": {"type": "keyword"}}}})
    await ask(search, "PUT", "/_index_template/news-articles", {"index_patterns": ["news-articles-v1-*"]})

    changes = {each.what: each for each in await provision(search, NOW, dry_run=False)}

    refused = {what: each.detail for what, each in changes.items() if each.kind == "refuse"}
    assert refused.keys() == {"index news-revisions", "template news-articles"}
    assert "headline is type=keyword and should be type=text" in refused["index news-revisions"]
    assert "not ours" in refused["template news-articles"]
    assert not await ask(search, "GET", f"/{MONTHS[1]}")


async def test_an_index_in_the_place_of_the_alias_is_refused(search: AsyncOpenSearch) -> None:
    await ask(search, "PUT", "/news")
    try:
        assert (await kinds(search, dry_run=True))["alias news"] == "refuse"
    finally:
        await ask(search, "DELETE", "/news")


async def test_automatic_creation_is_turned_off_for_our_names_only(search: AsyncOpenSearch) -> None:
    setting = "action.auto_create_index"
    await ask(search, "PUT", "/_cluster/settings", {"persistent": {setting: "true"}})
    try:
        assert (await kinds(search))[f"cluster setting {setting}"] == "update"
        assert (await kinds(search))[f"cluster setting {setting}"] == "same"
        assert await ask(search, "POST", "/news-articles-v1-1999.01/_doc", {"headline": "x"}) is None
        assert await ask(search, "POST", "/something-else/_doc", {"headline": "x"})
    finally:
        await ask(search, "DELETE", "/something-else")
        await ask(search, "PUT", "/_cluster/settings", {"persistent": {setting: None}})


async def test_a_template_of_a_newer_version_is_refused_and_stays(search: AsyncOpenSearch) -> None:
    newer = {"template": {}, "_meta": {"owner": "newswire", "hash": "x", "version": DATA_VERSION + 1}}
    await ask(search, "PUT", "/_component_template/news-settings", newer)

    changes = {change.what: change for change in await provision(search, NOW, dry_run=False)}

    refused = changes["template news-settings"]
    assert (refused.kind, "newer Newswire" in refused.detail) == ("refuse", True)
    assert changes[f"index {MONTHS[0]}"].kind == "create"
    assert await ask(search, "GET", f"/{MONTHS[0]}") is None, "nothing is changed when one thing is refused"


async def test_the_cluster_is_asked_whether_it_has_the_ukrainian_plugin(search: AsyncOpenSearch) -> None:
    installed = str(await ask(search, "GET", "/_nodes/plugins", filter_path="nodes.*.plugins.name"))

    assert await has_ukrainian(search) == ("ukrainian" in installed.lower())


async def test_a_cluster_without_the_ukrainian_plugin_has_an_analyzer_of_ours(
    search: AsyncOpenSearch, monkeypatch: Any
) -> None:
    async def without(_client: AsyncOpenSearch) -> bool:
        return False

    async def words(text: str) -> list[str]:
        answer = await ask(search, "POST", f"/{MONTHS[1]}/_analyze", {"analyzer": "news_uk", "text": text})
        return [each["token"] for each in answer["tokens"]]

    monkeypatch.setattr(module, "has_ukrainian", without)
    await provision(search, NOW, dry_run=False)

    assert await words("П\u2019ять кораблів у Кракові") == ["п'ять", "кораблів", "кракові"]


async def test_the_keeper_makes_the_months_that_are_missing(search: AsyncOpenSearch) -> None:
    with pytest.raises(DependencyDown, match="newswire provision"):
        await ensure_months(search, NOW)
    await provision(search, NOW, dry_run=False)

    assert await ensure_months(search, NOW) == []
    made = await ensure_months(search, datetime(2026, 4, 1, tzinfo=UTC))

    assert made == ["news-articles-v1-2026.05"]
    assert made[0] in await ask(search, "GET", "/_alias/news")


async def test_a_cluster_that_is_away_is_one_sentence() -> None:
    client = connect("http://127.0.0.1:1", seconds=1)

    with pytest.raises(DependencyDown, match="OpenSearch is not there"):
        await provision(client, NOW, dry_run=True)

    await client.close()


async def test_every_template_is_taken_with_or_without_the_plugin(search: AsyncOpenSearch) -> None:
    for ukrainian in {await has_ukrainian(search), False}:
        for each in templates(Cluster(ukrainian, replicas=1)):
            assert (await ask(search, "PUT", f"/{each.path}", each.body))["acknowledged"]


@pytest.mark.parametrize(
    ("language", "body", "query"),
    [
        ("en", "The ministers were signing agreements.", "minister agreement"),
        ("uk", "Міністри зустрілися в Кракові.", "міністри"),
        ("ru", "Министры встретились в Кракове.", "министр"),
        ("de", "Die Häfen schließen.", "Hafen"),
        ("ja", "港の協定が署名された。", "協定"),
        ("xx", "Zorbi flumtak drena.", "flumtak"),
        (None, "Zorbi flumtak drena.", "drena"),
    ],
)
async def test_one_query_finds_articles_in_any_language(real: Any, language: str | None, body: str, query: str) -> None:
    await _finds(real, language, body, query)


@pytest.mark.usefixtures("ukrainian")
async def test_with_the_plugin_a_query_finds_other_forms_of_a_ukrainian_word(real: Any) -> None:
    await _finds(real, "uk", "Міністри зустрілися в Кракові.", "Краків")


async def _finds(real: Any, language: str | None, body: str, query: str) -> None:
    await real.indexer.handle([inbound(article(1, headline="-", body=body, language=language), 1)])
    await real.stored()

    question = {"query": {"multi_match": {"query": query, "fields": list(SEARCH_FIELDS)}}}
    answer = await ask(real.client, "POST", "/news/_search", question)

    assert [hit["_id"] for hit in answer["hits"]["hits"]] == ["article-1"]


async def test_evidence_and_steps_can_be_asked_for_though_their_keys_are_no_fields(real: Any) -> None:
    await real.indexer.handle([inbound(whole_article(), 1), inbound(article(2), 2)])
    await real.stored()

    asked = [{"term": {"evidence.headline.rule": "og:title"}}, {"term": {"enrichment.language.status": "done"}}]
    question = {"query": {"bool": {"filter": asked}}, "aggs": {"rules": {"terms": {"field": "found_by"}}}}
    found = await ask(real.client, "POST", "/news/_search", question)

    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["article-1"]
    assert [each["key"] for each in found["aggregations"]["rules"]["buckets"]] == ["headline:meta:og:title"]
    mapped = (await ask(real.client, "GET", f"/{MONTHS[1]}/_mapping"))[MONTHS[1]]["mappings"]["properties"]
    assert "properties" not in mapped["evidence"]

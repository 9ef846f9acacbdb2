"""The dashboards are imported by `up`, once, and have what became of messages to show."""

import asyncio
import json
import urllib.request
from typing import Any

import pytest

from deploy.dashboards.saved import saved_objects
from shared.indices import PIPELINE_PATTERN
from tests.e2e.compose.conftest import Deployment, settled
from tests.e2e.compose.test_compose_articles import PAGE

KINDS = "&".join(f"type={kind}" for kind in ("index-pattern", "visualization", "search", "dashboard"))


def there(deployment: Deployment) -> dict[str, Any]:
    """Saved objects by id."""
    url = f"http://127.0.0.1:{deployment.numbers['DASHBOARDS']}/api/saved_objects/_find?per_page=1000&{KINDS}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return {each["id"]: each for each in json.load(answer)["saved_objects"]}


def test_up_has_imported_them_and_another_import_changes_nothing(deployment: Deployment) -> None:
    before = there(deployment)
    assert before.keys() == {each["id"] for each in saved_objects()}
    said = deployment.compose("run", "--rm", "-T", "dashboards-import").splitlines()[-1]
    count, _, total = said.split()[:3]
    assert count == total, said
    assert there(deployment) == before


def test_a_dashboards_that_is_away_is_a_sentence_and_a_failure(deployment: Deployment) -> None:
    deployment.compose("stop", "dashboards")
    with pytest.raises(AssertionError, match="Dashboards is not there for GET api/saved_objects/_find") as failed:
        deployment.compose("run", "--rm", "-T", "--no-deps", "dashboards-import")
    assert "Traceback" not in str(failed.value)
    deployment.up()
    assert there(deployment).keys() == {each["id"] for each in saved_objects()}


async def test_the_keeper_charts_what_became_of_messages_and_readers_see_it(deployment: Deployment) -> None:
    async with deployment.nats("publisher") as client:
        js = client.jetstream()
        for body in (PAGE.format("Charted Harbour").encode(), b"\x89PNG\r\n\x1a\n" + bytes(99)):
            await js.publish("news.raw.charted", body, headers={"Content-Type": "text/html"})
    async with deployment.nats() as client:
        js = client.jetstream()
        await settled(js)
    query = {"size": 10, "query": {"term": {"source": "charted"}}}
    async with asyncio.timeout(30):
        while True:
            answer = await deployment.ask("POST", f"/{PIPELINE_PATTERN}/_search", query)
            found = sorted(hit["_source"]["outcome"] for hit in answer["hits"]["hits"])
            if len(found) == 2:
                break
            await asyncio.sleep(0.5)
    assert found == ["dead", "indexed"]

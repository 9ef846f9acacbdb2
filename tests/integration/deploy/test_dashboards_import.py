"""The import into Dashboards: once, and what goes wrong in one sentence."""

import json
from collections.abc import AsyncIterator

import pytest

from deploy.dashboards import importing
from deploy.dashboards.importing import provision
from deploy.dashboards.saved import saved_objects
from deploy.local import ports
from deploy.provision import describe
from shared.errors import DependencyDown
from tests.fakes.dashboards import FakeDashboards, fake_dashboards

LOGIN = ("importer", "secret")
COUNT = len(saved_objects())


@pytest.fixture
async def dashboards() -> AsyncIterator[FakeDashboards]:
    async with fake_dashboards() as fake:
        yield fake


async def test_it_is_imported_once(dashboards: FakeDashboards) -> None:
    (shown,) = await provision(dashboards.url, LOGIN, dry_run=True)
    assert (shown.kind, shown.detail) == ("create", f"{COUNT} of {COUNT} saved objects")
    assert not dashboards.imports
    assert [each.kind for each in await provision(dashboards.url, LOGIN, dry_run=False)] == ["create"]
    assert [each.kind for each in await provision(f"{dashboards.url}/", LOGIN, dry_run=False)] == ["same"]
    assert len(dashboards.imports) == 1
    assert list(dashboards.objects.values()) == saved_objects()


async def test_what_was_changed_or_removed_is_brought_back_and_what_is_not_ours_stays(
    dashboards: FakeDashboards,
) -> None:
    await provision(dashboards.url, LOGIN, dry_run=False)
    dashboards.objects["theirs"] = {"type": "dashboard", "id": "theirs", "attributes": {"title": "Mine"}}
    dashboards.objects["newswire-pipeline"]["attributes"]["title"] = "Changed"
    del dashboards.objects["newswire-retries"]
    (change,) = await provision(dashboards.url, LOGIN, dry_run=False)
    assert (change.kind, change.detail) == ("update", f"2 of {COUNT} saved objects")
    assert len(dashboards.objects) == COUNT + 1
    assert [each.kind for each in await provision(dashboards.url, LOGIN, dry_run=False)] == ["same"]


REFUSED = {
    "success": False,
    "successCount": 20,
    "errors": [
        {"id": "newswire-a", "type": "search", "error": {"type": "missing_references", "references": [{"id": "gone"}]}},
        {"id": "newswire-b", "type": "dashboard", "error": {"type": "unknown", "message": "more recent version"}},
        {"id": "newswire-c", "type": "search", "error": "conflict"},
        *({"id": f"newswire-{n}", "type": "search", "error": "conflict"} for n in range(4)),
    ],
}
SENTENCE = (
    "search newswire-a: missing_references gone; dashboard newswire-b: unknown more recent version; "
    "search newswire-c: conflict; .* and 2 more"
)


@pytest.mark.parametrize(
    ("place", "status", "body", "sentence"),
    [
        ("_import", 200, json.dumps(REFUSED), SENTENCE),
        ("_import", 200, '{"success": false}', "refuses saved objects: it does not say which"),
        ("_import", 400, '{"message": "Invalid file extension"}', "with 400: Invalid file extension"),
        ("_import", 413, '{"message": "Payload content length greater"}', "with 413: Payload"),
        ("_find", 503, "OpenSearch Dashboards server is not ready yet", "with 503: .* not ready yet"),
        ("_find", 200, "<html>a proxy</html>", "with 200: <html>"),
        ("_find", 200, "[]", "with 200"),
        ("_find", 403, "{}", "with 403: this user or its password is not known there"),
    ],
)  # fmt: skip
async def test_a_refusal_is_a_sentence(
    dashboards: FakeDashboards, place: str, status: int, body: str, sentence: str
) -> None:
    dashboards.fault[place] = (status, body.encode())
    with pytest.raises(DependencyDown, match=sentence):
        await provision(dashboards.url, LOGIN, dry_run=False)


async def test_a_wrong_password_is_said_to_be_one(dashboards: FakeDashboards) -> None:
    for login in (None, ("importer", "another")):
        with pytest.raises(DependencyDown, match="with 401: this user or its password is not known there"):
            await provision(dashboards.url, login, dry_run=True)


async def test_an_endless_answer_is_cut(dashboards: FakeDashboards, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_BYTES", 1_000)
    dashboards.fault["_find"] = (200, b"x" * 2_000)
    with pytest.raises(DependencyDown, match="more than 1,000 bytes"):
        await provision(dashboards.url, LOGIN, dry_run=True)


async def test_nobody_there_is_a_sentence() -> None:
    with pytest.raises(DependencyDown, match="Dashboards is not there for GET"):
        await provision(f"http://127.0.0.1:{ports.free()}", LOGIN, dry_run=True)


async def test_where_there_is_no_dashboards_provisioning_says_so(dashboards: FakeDashboards) -> None:
    assert "NEWSWIRE_DASHBOARDS_URL is not set" in describe([], dry_run=False)
    made = await provision(dashboards.url, LOGIN, dry_run=False)
    assert describe(made, dry_run=False).splitlines() == [
        f"created dashboards: {COUNT} of {COUNT} saved objects",
        "0 of 1 as they should be",
    ]

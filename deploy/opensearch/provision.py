"""Templates, indices and the alias: one job owns them, shows what it would change, and refuses to destroy.

Existing indices only ever gain fields: a strict mapping refuses articles with fields it lacks, in old months too.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError

from deploy.change import Change
from deploy.opensearch.mappings import ARTICLE, OUTCOME, REVISION, STORED, strict
from deploy.opensearch.templates import OWNER, Cluster, Json, Template, templates
from deploy.version import newer
from shared.contracts import Origin
from shared.indices import ARTICLES_ALIAS, ARTICLES_PATTERN, PIPELINE_PATTERN, REVISIONS, months_around
from shared.opensearch import ask, create_index, down, indices

_AUTO_CREATE: Final = "action.auto_create_index"
_COPIES: Final = "index.number_of_replicas"
_NOT_OURS: Final = f"-{ARTICLES_ALIAS}*"
"""In that setting: nothing may appear by being written to, or a month would come without its mapping."""


async def provision(client: AsyncOpenSearch, now: datetime, *, replicas: int = 0, dry_run: bool) -> list[Change]:
    """Bring the cluster to the templates; with `dry_run` only say what would change.

    `replicas`: copies of each index besides the first, those that are there included.

    Returns one Change for each template, index and setting. Nothing is changed when one of them is refused.

    Raises:
        DependencyDown: OpenSearch is away or refuses.
    """
    changes = await _all(client, now, replicas, dry_run=True)
    if dry_run or any(change.kind == "refuse" for change in changes):
        return changes
    return await _all(client, now, replicas, dry_run=False)


async def has_ukrainian(client: AsyncOpenSearch) -> bool:
    """Whether the analyzer of the plugin analysis-ukrainian is installed: by trying it, which needs few rights.

    Raises:
        DependencyDown: OpenSearch is away.
    """
    try:
        await client.transport.perform_request("POST", "/_analyze", body={"analyzer": "ukrainian", "text": "Київ"})
    except RequestError:
        return False
    except OpenSearchException as error:
        raise down(error, "POST /_analyze") from error
    return True


async def _all(client: AsyncOpenSearch, now: datetime, replicas: int, *, dry_run: bool) -> list[Change]:
    cluster = Cluster(await has_ukrainian(client), replicas)
    changes = [await _auto_create(client, dry_run=dry_run)]
    changes += [await _template(client, each, dry_run=dry_run) for each in templates(cluster)]
    articles, revisions = await indices(client, ARTICLES_PATTERN), await indices(client, REVISIONS)
    for name in sorted({*articles, *months_around(now)}):
        changes.append(await _index(client, name, articles.get(name), strict(ARTICLE, STORED), dry_run=dry_run))
    changes.append(await _index(client, REVISIONS, revisions.get(REVISIONS), strict(REVISION), dry_run=dry_run))
    pipeline = await indices(client, PIPELINE_PATTERN)  # the keeper makes them
    for name, found in sorted(pipeline.items()):
        changes.append(await _index(client, name, found, strict(OUTCOME), dry_run=dry_run))
    changes += await _copies(client, [*articles, *revisions, *pipeline], replicas, dry_run=dry_run)
    return [*changes, *await _alias(client, dry_run=dry_run)]


async def _copies(client: AsyncOpenSearch, names: Sequence[str], replicas: int, *, dry_run: bool) -> list[Change]:
    """A Change for each index that has another number of copies; the template counts for new ones only."""
    if not names:
        return []
    path = f"/{','.join(sorted(names))}/_settings"
    answer: Json = await ask(client, "GET", f"{path}/{_COPIES}", flat_settings="true") or {}
    found = {name: each["settings"][_COPIES] for name, each in answer.items()}
    differing = sorted(name for name, copies in found.items() if copies != str(replicas))
    if differing and not dry_run:
        await ask(client, "PUT", f"/{','.join(differing)}/_settings", {_COPIES: replicas})
    return [Change("update", f"copies of {name}", f"{found[name]} → {replicas}") for name in differing]


async def _auto_create(client: AsyncOpenSearch, *, dry_run: bool) -> Change:
    what = f"cluster setting {_AUTO_CREATE}"
    answer = await ask(client, "GET", "/_cluster/settings", include_defaults="true", flat_settings="true")
    said = [answer.get(layer, {}).get(_AUTO_CREATE) for layer in ("transient", "persistent", "defaults")]
    found = str(next((value for value in said if value is not None), "true"))
    if found == "false" or found.split(",", 1)[0] == _NOT_OURS:
        return Change("same", what)
    wanted = f"{_NOT_OURS},{'+*' if found == 'true' else found}"
    if not dry_run:
        await ask(client, "PUT", "/_cluster/settings", {"persistent": {_AUTO_CREATE: wanted}})
    return Change("update", what, f"{found} → {wanted}")


async def _template(client: AsyncOpenSearch, template: Template, *, dry_run: bool) -> Change:
    what = f"template {template.name}"
    answer = await ask(client, "GET", f"/{template.path}")
    meta = _meta(answer) if answer else {}
    if meta == template.body["_meta"]:
        return Change("same", what)
    if answer and meta.get("owner") != OWNER:
        step = f"rename it, or remove it with `curl -X DELETE …/{template.path}`"
        return Change("refuse", what, f"a template of this name is there and not ours; {step}")
    if answer and (why := newer(str(meta.get("version", 1)))):
        return Change("refuse", what, f"it was {why}; run that one")
    if not dry_run:
        await ask(client, "PUT", f"/{template.path}", template.body)
    return Change("update", what, "other contents") if answer else Change("create", what)


def _meta(answer: Mapping[str, Any]) -> Json:
    """`_meta` of the one template in an answer that wraps it twice, under names that differ by kind."""
    (listed,) = answer.values()
    (template,) = (cast("Json", value) for value in listed[0].values() if isinstance(value, dict))
    return cast("Json", template.get("_meta") or {})


async def _index(client: AsyncOpenSearch, name: str, found: Json | None, wanted: Json, *, dry_run: bool) -> Change:
    what = f"index {name}"
    if found is None:
        if not dry_run:
            await create_index(client, name)
        return Change("create", what)
    missing, differing = _compare(wanted, found)
    if differing:
        step = f"reindex it under another name and remove it, or delete it if its articles can be had again: {name}"
        return Change("refuse", what, f"{', '.join(differing)}: a field cannot be changed in place; {step}")
    if not missing:
        return Change("same", what)
    if not dry_run:
        await ask(client, "PUT", f"/{name}/_mapping", wanted)
    return Change("update", what, f"new: {', '.join(missing)}")


def _compare(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What the index lacks, and the fields that it has differently."""
    missing = [] if found.get("dynamic") == wanted["dynamic"] else [f"dynamic: {wanted['dynamic']}"]
    differing: list[str] = []
    for path, spec, there in _fields(wanted["properties"], found.get("properties", {})):
        if there is None:
            missing.append(path)
        elif there != spec:
            differing.append(f"{path} is {_short(there)} and should be {_short(spec)}")
    return missing, differing


def _fields(
    wanted: Mapping[str, Any], found: Mapping[str, Any], above: str = ""
) -> Iterator[tuple[str, Json, Json | None]]:
    """Each wanted field with its path, and what is there of it."""
    for name, spec in wanted.items():
        there = found.get(name)
        if there and "properties" in spec and "properties" in there:
            yield from _fields(spec["properties"], there["properties"], f"{above}{name}.")
        else:
            yield f"{above}{name}", spec, there


def _short(spec: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in spec.items() if key not in {"properties", "fields"}) or "object"


async def _alias(client: AsyncOpenSearch, *, dry_run: bool) -> list[Change]:
    """A Change for each month that the alias does not read yet, as when an index was restored without it."""
    what = f"alias {ARTICLES_ALIAS}"
    if ARTICLES_ALIAS in await indices(client, ARTICLES_ALIAS):  # an alias answers with the names of its indices
        return [Change("refuse", what, f"an index has its name; reindex or delete the index {ARTICLES_ALIAS!r}")]
    aliases: Json = await ask(client, "GET", f"/{ARTICLES_PATTERN}/_alias") or {}
    lacking = sorted(name for name, each in aliases.items() if ARTICLES_ALIAS not in each["aliases"])
    if lacking and not dry_run:
        for name in lacking:
            await ask(client, "PUT", f"/{name}/_alias/{ARTICLES_ALIAS}")
    return [Change("update", what, f"also reads {', '.join(lacking)}")] if lacking else [Change("same", what)]


async def used_epoch(client: AsyncOpenSearch) -> int:
    """The greatest epoch of an indexed article's origin; 0 when there is none.

    Raises:
        DependencyDown: OpenSearch is away, or refuses.
    """
    by_origin = {"origin": {"order": "desc", "unmapped_type": "keyword"}}  # epochs have four digits until 2051
    newest = {"size": 1, "sort": [by_origin], "_source": ["origin"]}
    answer = await ask(client, "POST", f"/{ARTICLES_PATTERN}/_search", newest, ignore_unavailable="true")
    hits: list[Json] = answer["hits"]["hits"] if answer else []
    return Origin.parse(hits[0]["_source"]["origin"]).epoch if hits else 0

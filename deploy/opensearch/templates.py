"""The templates as OpenSearch takes them. Pure: what differs between clusters is an argument."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import orjson

from deploy.opensearch.mappings import ARTICLE, OUTCOME, REVISION, STORED, strict
from deploy.version import DATA_VERSION
from shared.indices import ARTICLES_ALIAS, ARTICLES_PATTERN, PIPELINE_PATTERN, REVISIONS

Json = dict[str, Any]
OWNER: Final = "newswire"

# Words so frequent that they tell nothing; the ukrainian analyzer, where it is installed, knows word forms too.
_UK_STOP: Final = (
    "а але б без би був була були було в від до же за з і із й їх на не о по про та так те то у це цей чи що щоб як"  # noqa: RUF001 - Ukrainian
)
_UK_FALLBACK: Final[Json] = {
    "char_filter": {"uk_apostrophe": {"type": "mapping", "mappings": ["\u2019=>'", "\u02bc=>'", "\u0301=>"]}},
    "filter": {"uk_stop": {"type": "stop", "stopwords": _UK_STOP.split()}},
    "analyzer": {
        "news_uk": {
            "type": "custom",
            "tokenizer": "standard",
            "char_filter": ["uk_apostrophe"],
            "filter": ["lowercase", "uk_stop"],
        }
    },
}  # fmt: skip
_UK_PLUGIN: Final[Json] = {"analyzer": {"news_uk": {"type": "ukrainian"}}}


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster can do and is to keep: whether the ukrainian analyzer is installed, copies of each shard."""

    ukrainian: bool
    replicas: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A component or index template: `path` under the cluster's root, and its body."""

    path: str
    body: Json

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        return self.path.rpartition("/")[2]


def settings(cluster: Cluster) -> Json:
    """Settings of every index. `gc_deletes`: a takedown outlives late redeliveries of what it removed."""
    return {
        "number_of_shards": "1",
        "number_of_replicas": str(cluster.replicas),
        "refresh_interval": "1s",
        "gc_deletes": "1h",
        "mapping.total_fields.limit": "300",
        "mapping.field_name_length.limit": "128",
    }


def analysis(cluster: Cluster) -> Json:
    """Our analyzers: `news_uk`, by the plugin where the cluster has it."""
    return _UK_PLUGIN if cluster.ukrainian else _UK_FALLBACK


def templates(cluster: Cluster) -> tuple[Template, ...]:
    """All templates, in the order in which they can be created."""
    parts: dict[str, Json] = {
        "news-settings": {"settings": {"index": settings(cluster)}},
        # mappings and the analyzers they name: OpenSearch checks each component template by itself
        "news-article": {
            "settings": {"index": {"analysis": analysis(cluster)}},
            "mappings": strict(ARTICLE, STORED),
        },
        "news-revision": {"mappings": strict(REVISION)},
        "news-outcome": {"mappings": strict(OUTCOME)},
    }
    components = (Template(f"_component_template/{name}", {"template": body}) for name, body in parts.items())
    articles: Json = {
        "index_patterns": [ARTICLES_PATTERN],
        "priority": 500,
        "composed_of": ["news-settings", "news-article"],
        "template": {"aliases": {ARTICLES_ALIAS: {}}},
    }
    revisions: Json = {
        "index_patterns": [REVISIONS],
        "priority": 500,
        "composed_of": ["news-settings", "news-revision"],
    }
    pipeline: Json = {
        "index_patterns": [PIPELINE_PATTERN],
        "priority": 500,
        "composed_of": ["news-settings", "news-outcome"],
    }
    index_templates = (
        Template("_index_template/news-articles", articles),
        Template("_index_template/news-revisions", revisions),
        Template("_index_template/news-pipeline", pipeline),
    )
    return tuple(_signed(each) for each in (*components, *index_templates))


def _signed(template: Template) -> Template:
    """With a hash of itself, by which the next run knows that nothing changed, and the version that wrote it."""
    digest = hashlib.sha256(orjson.dumps(template.body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    return Template(
        template.path, {**template.body, "_meta": {"owner": OWNER, "hash": digest, "version": DATA_VERSION}}
    )

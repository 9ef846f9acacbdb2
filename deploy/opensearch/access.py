"""Who may do what on OpenSearch: users, roles, and the files the security plugin starts from. Pure.

The lists of actions are measured: what is left out of one of them makes its user fail (tests/e2e).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.indices import ARTICLES_ALIAS, ARTICLES_PATTERN, PIPELINE_PATTERN, REVISIONS

Json = dict[str, Any]

_ARTICLES: Final = (ARTICLES_PATTERN,)
_ALL: Final = (ARTICLES_PATTERN, REVISIONS)
_PIPELINE: Final = (PIPELINE_PATTERN,)
_SAVED: Final = (".kibana", ".kibana_*")
"""Where Dashboards keeps its saved objects."""


@dataclass(frozen=True, slots=True)
class Role:
    """Actions on the cluster, and on the indices of some patterns."""

    cluster: tuple[str, ...]
    indices: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


ROLES: Final = {
    "news_writer": Role(
        ("indices:data/write/bulk", "indices:data/read/mget"),
        (
            (_ALL, ("indices:data/write/bulk[s]", "indices:data/write/index")),
            (_ARTICLES, ("indices:data/read/mget[shard]", "indices:data/read/search")),
        ),
    ),
    # scroll is missing: its rights are the cluster's, and one reader could clear another's
    "news_reader": Role(
        ("cluster:monitor/main", "indices:data/read/mget", "indices:data/read/msearch"),
        (
            (
                (*_ALL, *_PIPELINE),
                (
                    "indices:data/read/search", "indices:data/read/get", "indices:data/read/mget[shard]",
                    "indices:data/read/point_in_time/create", "indices:data/read/point_in_time/delete",
                    "indices:data/read/field_caps*", "indices:admin/mappings/get", "indices:admin/mappings/fields/get*",
                    "indices:admin/resolve/index",
                ),
            ),
        ),
    ),
    # what Dashboards asks as whoever looks at it; `kibana_user` may also write and delete there
    "news_viewer": Role(
        ("indices:data/read/mget",),
        ((_SAVED, ("indices:data/read/search", "indices:data/read/get", "indices:data/read/mget[shard]")),),
    ),
    "news_keeper": Role(
        ("indices:admin/index_template/get", "indices:data/write/bulk"),
        (
            ((*_ARTICLES, *_PIPELINE), ("indices:admin/create", "indices:admin/mappings/get")),
            (_PIPELINE, ("indices:data/write/bulk[s]", "indices:data/write/index")),
        ),
    ),
    "news_provisioner": Role(
        (
            "cluster:monitor/state", "cluster:admin/component_template/get",
            "cluster:admin/component_template/put", "indices:admin/index_template/get",
            "indices:admin/index_template/put",
        ),
        (
            (
                (*_ALL, *_PIPELINE, ARTICLES_ALIAS),
                (
                    "indices:admin/create", "indices:admin/mappings/get", "indices:admin/mapping/put",
                    "indices:admin/aliases", "indices:admin/aliases/get", "indices:data/read/search",
                    "indices:monitor/settings/get", "indices:admin/settings/update",
                ),
            ),
            (("*",), ("indices:admin/analyze",)),  # which analyzers there are: of no index, which means of all
        ),
    ),
}  # fmt: skip
"""Roles of ours. `kibana_user`, `kibana_server` and `all_access` come with the plugin."""
USERS: Final = {
    "index": ("news_writer",),
    "keeper": ("news_keeper",),
    "provision": ("news_provisioner",),
    "dashboards": ("kibana_server",),
    "importer": ("kibana_user",),
    "reader": ("news_reader", "news_viewer"),
    "operator": ("all_access",),
}
"""User to roles."""
DASHBOARDS: Final = "dashboards"
IMPORTER: Final = "importer"
"""Imports saved objects; may nothing else."""


def roles() -> dict[str, Json]:
    """Our roles as the plugin takes them. Reserved: only who holds the administrator's certificate changes them."""
    return {
        name: {
            "reserved": True,
            "cluster_permissions": list(role.cluster),
            "index_permissions": [
                {"index_patterns": list(patterns), "allowed_actions": list(actions)}
                for patterns, actions in role.indices
            ],
        }
        for name, role in ROLES.items()
    }


def mappings() -> dict[str, Json]:
    """Role to users, of every role that anybody has."""
    held = dict.fromkeys(role for granted in USERS.values() for role in granted)
    return {
        role: {"reserved": True, "users": sorted(user for user, granted in USERS.items() if role in granted)}
        for role in held
    }


def accounts(hashes: Mapping[str, str]) -> dict[str, Json]:
    """Users. `hashes`: bcrypt, by user. `made_of` shows a hash without telling it: the plugin never gives one back.

    Reserved, or whoever learns a password can change it and lock the owner out.
    """
    return {
        user: {"hash": hashes[user], "reserved": True, "attributes": {"made_of": digest(hashes[user])}}
        for user in USERS
    }


def digest(text: str) -> str:
    """A short name of a hash."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def files(hashes: Mapping[str, str]) -> dict[str, Json]:
    """The files under config/opensearch-security, by name. JSON is YAML."""
    contents: dict[str, tuple[str, Json]] = {
        "config.yml": ("config", _config()),
        "internal_users.yml": ("internalusers", accounts(hashes)),
        "roles.yml": ("roles", roles()),
        "roles_mapping.yml": ("rolesmapping", mappings()),
        "action_groups.yml": ("actiongroups", {}),
        "tenants.yml": ("tenants", {}),
        "nodes_dn.yml": ("nodesdn", {}),
    }
    return {
        name: {"_meta": {"type": kind, "config_version": 2}, **content} for name, (kind, content) in contents.items()
    }


def _config() -> Json:
    """Basic authentication against the users above, nobody anonymous, and no tenants."""
    basic = {
        "http_enabled": True,
        "transport_enabled": True,
        "order": 0,
        "http_authenticator": {"type": "basic", "challenge": True},
        "authentication_backend": {"type": "intern"},
    }
    return {
        "config": {
            "dynamic": {
                "http": {"anonymous_auth_enabled": False},
                "kibana": {"multitenancy_enabled": False, "server_username": DASHBOARDS},
                "authc": {"basic": basic},
            }
        }
    }

"""Makes what is missing under one folder, with a room for each service: python -m deploy.secrets FOLDER.

Rooms are volumes of their own (docker-compose.yml): who runs in a container sees its own keys and nobody else's.

    ca/          the authority's key, and the version of it all: nobody's but this program's
    nats/        nats.conf, with public keys; routes.conf, for the nodes of a cluster
    node/        OpenSearch's certificate             security/   its users and roles to begin with
    <service>/   nats.nk; opensearch.password and ca.pem for whoever talks to OpenSearch
    provision/   also admin.pem and admin.key, which may change users and roles, and importer.password for Dashboards
    dashboards/  the whole configuration of OpenSearch Dashboards
    operator/    nats.nk, reader.password, operator.password, ca.pem, publishers/<name>.nk: what `newswire creds` shows
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import bcrypt

from deploy.nats import routes
from deploy.nats import users as nats_users
from deploy.opensearch import access
from deploy.secrets import certificates, nkeys
from deploy.secrets.certificates import Pair
from deploy.secrets.folder import GROUP_TOO, OWNER_ONLY, keep, put
from deploy.version import DATA_VERSION, newer

NATS_STORE: Final = "/data"
SEARCHERS: Final = ("index", "keeper", "provision")
"""Services that talk to OpenSearch, each under its own name."""
PEOPLE: Final = ("reader", "operator")
DASHBOARDS_CONFIG: Final = {
    "server.host": "0.0.0.0",  # noqa: S104 - inside its container; published on loopback only
    "opensearch.hosts": ["https://opensearch:9200"],
    "opensearch.username": access.DASHBOARDS,
    "opensearch.ssl.verificationMode": "full",
    "opensearch.ssl.certificateAuthorities": ["/usr/share/opensearch-dashboards/config/ca.pem"],
    "opensearch.requestHeadersAllowlist": ["authorization"],
    "opensearch_security.multitenancy.enabled": False,
    "opensearch_security.cookie.secure": False,
    "status.allowAnonymous": True,
}


def make(root: Path, publishers: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Bring the folder to what this version needs; what is there and good stays as it is.

    Raises:
        ValueError: a file is not what it should be, a newer version made it, or a publisher has a service's name.
        OSError: the folder cannot be written.
    """
    _version(root / "ca" / "VERSION")
    _nats(root, publishers)
    ca = _certificates(root, now)
    for room in (*SEARCHERS, "operator"):
        put(root / room / "ca.pem", ca)
    passwords = _passwords(root)
    _security(root / "security", passwords)
    _dashboards(root / "dashboards", passwords[access.DASHBOARDS], ca)


def _version(mark: Path) -> None:
    if mark.exists() and (why := newer(mark.read_text().strip())):
        steps = "run that one, or give these volumes up with all articles: `docker compose down --volumes`"
        raise ValueError(f"the volumes of this deployment were {why}; {steps}")
    put(mark, f"{DATA_VERSION}\n".encode())


def _nats(root: Path, publishers: Mapping[str, Sequence[str]]) -> None:
    known = nats_users.users(publishers)
    keys = {user.name: nkeys.public(keep(_seed(root, user.name), nkeys.new_seed)) for user in known}
    put(root / "nats" / "nats.conf", nats_users.server_config(keys, known, NATS_STORE).encode())
    keep(root / "nats" / "routes.conf", lambda: routes.config(secrets.token_urlsafe(24)).encode())


def _seed(root: Path, user: str) -> Path:
    if user == nats_users.OPERATOR:
        return root / "operator" / "nats.nk"
    if user in nats_users.SERVICES:
        return root / user / "nats.nk"
    return root / "operator" / "publishers" / f"{user}.nk"


def _certificates(root: Path, now: datetime) -> bytes:
    """The authority's certificate. What it signed is renewed in time; the authority itself never is."""
    ca = root / "ca"
    if not (ca / "ca.pem").exists():
        fresh = certificates.authority(now)
        put(ca / "ca.key", fresh.key)
        put(ca / "ca.pem", fresh.certificate)
    pair = Pair((ca / "ca.pem").read_bytes(), (ca / "ca.key").read_bytes())
    put(root / "node" / "ca.pem", pair.certificate, GROUP_TOO)
    _sign(root / "node", "node", pair, now)
    _sign(root / "provision", "admin", pair, now)
    return pair.certificate


def _sign(room: Path, name: str, by: Pair, now: datetime) -> None:
    certificate, server = room / f"{name}.pem", name == "node"
    if certificate.exists() and certificates.lasts(certificate.read_bytes(), by.certificate, now):
        return
    fresh, mode = certificates.signed(by, name, now, server=server), GROUP_TOO if server else OWNER_ONLY
    put(room / f"{name}.key", fresh.key, mode)
    put(certificate, fresh.certificate, mode)


def _passwords(root: Path) -> dict[str, bytes]:
    places = {name: root / name / "opensearch.password" for name in (*SEARCHERS, access.DASHBOARDS)}
    places[access.IMPORTER] = root / "provision" / f"{access.IMPORTER}.password"
    places |= {name: root / "operator" / f"{name}.password" for name in PEOPLE}
    return {name: keep(path, lambda: secrets.token_urlsafe(24).encode()) for name, path in places.items()}


def _security(room: Path, passwords: Mapping[str, bytes]) -> None:
    known = _hashes(room / "internal_users.yml")
    hashes = {user: _hash(password, known.get(user)) for user, password in passwords.items()}
    for name, content in access.files(hashes).items():
        put(room / name, json.dumps(content, indent=1).encode(), GROUP_TOO)


def _hashes(path: Path) -> dict[str, str]:
    """The hashes that were made before: they are salted, and a new one of the same password would be another."""
    if not path.exists():
        return {}
    return {name: entry["hash"] for name, entry in json.loads(path.read_bytes()).items() if "hash" in entry}


def _hash(password: bytes, known: str | None) -> str:
    if known and bcrypt.checkpw(password, known.encode()):
        return known
    return bcrypt.hashpw(password, bcrypt.gensalt(12, prefix=b"2a")).decode()


def _dashboards(room: Path, password: bytes, ca: bytes) -> None:
    cookie = keep(room / "cookie.password", lambda: secrets.token_urlsafe(32).encode())
    own = {"opensearch.password": password.decode(), "opensearch_security.cookie.password": cookie.decode()}
    put(room / "opensearch_dashboards.yml", json.dumps(DASHBOARDS_CONFIG | own, indent=1).encode(), GROUP_TOO)
    put(room / "ca.pem", ca, GROUP_TOO)

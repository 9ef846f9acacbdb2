"""Keys, certificates and passwords: made once, kept, renewed in time, told to nobody else."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bcrypt
import pytest
from cryptography import x509

from deploy.opensearch import access
from deploy.secrets import certificates, nkeys
from deploy.secrets.__main__ import publishers
from deploy.secrets.make import make
from deploy.version import DATA_VERSION

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cheapest hash: its cost is not what is shown here."""
    salt = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda _rounds, prefix: salt(4, prefix))


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path, {"wire": ["reuters"]}, NOW)
    before = contents(tmp_path)
    make(tmp_path, {"wire": ["reuters"]}, NOW)
    assert contents(tmp_path) == before


def test_volumes_of_a_newer_version_are_refused_and_not_touched(tmp_path: Path) -> None:
    make(tmp_path, {}, NOW)
    mark = tmp_path / "ca" / "VERSION"
    assert mark.read_text() == f"{DATA_VERSION}\n"
    mark.chmod(0o600)
    mark.write_text(f"{DATA_VERSION + 1}\n")
    (tmp_path / "parse" / "nats.nk").unlink()
    before = contents(tmp_path)
    with pytest.raises(ValueError, match=r"written by a newer Newswire .*run that one, or give these volumes up"):
        make(tmp_path, {}, NOW)
    assert contents(tmp_path) == before


def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    make(tmp_path, {}, NOW)
    modes = {
        path.relative_to(tmp_path).parts[0]: path.stat().st_mode & 0o777
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    group = {"node", "security", "dashboards"}  # their readers run as another user of the same group
    assert all(mode in ({0o440, 0o400} if room in group else {0o400}) for room, mode in modes.items())


def test_a_service_has_its_own_secrets_and_no_other(tmp_path: Path) -> None:
    make(tmp_path, {"wire": []}, NOW)
    rooms = {path.name: sorted(each.name for each in path.iterdir()) for path in tmp_path.iterdir()}
    assert rooms["parse"] == rooms["fetch"] == rooms["enrich"] == rooms["intake"] == ["nats.nk"]
    assert rooms["index"] == rooms["keeper"] == ["ca.pem", "nats.nk", "opensearch.password"]
    every = [content for name, content in contents(tmp_path).items() if name.endswith((".nk", ".key"))]
    assert len(set(every)) == len(every)
    assert not any(seed[:2] == b"SU" for name, seed in contents(tmp_path).items() if name.startswith("nats/"))


def test_hashes_are_of_the_passwords_and_stay(tmp_path: Path) -> None:
    make(tmp_path, {}, NOW)
    users = json.loads((tmp_path / "security" / "internal_users.yml").read_text())
    password = (tmp_path / "index" / "opensearch.password").read_bytes()
    assert bcrypt.checkpw(password, users["index"]["hash"].encode())
    (tmp_path / "index" / "opensearch.password").unlink()
    make(tmp_path, {}, NOW)
    again = json.loads((tmp_path / "security" / "internal_users.yml").read_text())
    assert again["index"]["hash"] != users["index"]["hash"]
    assert again["reader"] == users["reader"]


def test_certificates_are_renewed_before_their_end_by_the_same_authority(tmp_path: Path) -> None:
    make(tmp_path, {}, NOW)
    ca, node = (tmp_path / "ca" / "ca.pem").read_bytes(), (tmp_path / "node" / "node.pem").read_bytes()
    make(tmp_path, {}, NOW + certificates.LASTS - certificates.RENEW_BEFORE - timedelta(days=1))
    assert (tmp_path / "node" / "node.pem").read_bytes() == node
    make(tmp_path, {}, NOW + certificates.LASTS)
    renewed = (tmp_path / "node" / "node.pem").read_bytes()
    assert renewed != node
    assert (tmp_path / "ca" / "ca.pem").read_bytes() == ca
    x509.load_pem_x509_certificate(renewed).verify_directly_issued_by(x509.load_pem_x509_certificate(ca))


def test_another_authoritys_certificate_is_replaced() -> None:
    ours, theirs = certificates.authority(NOW), certificates.authority(NOW)
    signed = certificates.signed(theirs, "node", NOW, server=True)
    assert not certificates.lasts(signed.certificate, ours.certificate, NOW)
    assert certificates.lasts(signed.certificate, theirs.certificate, NOW)


def test_the_names_opensearch_trusts_are_the_certificates() -> None:
    for name, server in (("node", True), ("admin", False)):
        pair = certificates.signed(certificates.authority(NOW), name, NOW, server=server)
        assert x509.load_pem_x509_certificate(pair.certificate).subject.rfc4514_string() == f"CN={name},O=newswire"


def test_a_seed_has_one_public_key() -> None:
    seed = nkeys.new_seed()
    assert nkeys.public(seed) == nkeys.public(seed + b"\n")
    assert nkeys.public(seed).startswith("U")
    with pytest.raises(ValueError, match="seed"):
        nkeys.public(b"SUnothing")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {}),
        (["publisher=*"], {"publisher": []}),
        (["a=x,y", "b=z,"], {"a": ["x", "y"], "b": ["z"]}),
    ],
)
def test_publishers_are_read_from_words(words: list[str], expected: dict[str, list[str]]) -> None:
    assert publishers(words) == expected


@pytest.mark.parametrize("word", ["wire=", "wire", "wire=,", "wire=*,x"])
def test_a_publisher_without_sources_is_refused_and_not_given_all(word: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.secrets", str(tmp_path / "made"), f"fine=x {word}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "publisher wire: say which sources, `wire=SOURCE,SOURCE`, or `wire=*` for all" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "made").exists()


def test_every_role_is_somebodys_and_every_user_has_one() -> None:
    held = {role for roles in access.USERS.values() for role in roles}
    assert set(access.ROLES) <= held
    assert set(access.mappings()) == held
    assert all(
        entry["reserved"]
        for entry in (*access.roles().values(), *access.accounts(dict.fromkeys(access.USERS, "x")).values())
    )

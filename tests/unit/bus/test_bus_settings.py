"""What a service says of a secret that is missing, empty or not what it should be; and of one that a server refuses."""

from pathlib import Path

import pytest

from deploy.secrets.nkeys import new_seed
from shared.bus.connection import refusal
from shared.settings import EXIT_CONFIG, Settings


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as exit_:
        Settings.load()
    assert exit_.value.code == EXIT_CONFIG
    return capsys.readouterr().err.strip()


@pytest.mark.parametrize(
    ("variable", "content", "said"),
    [
        (
            "NATS_NKEY_FILE",
            None,
            "cannot be read (No such file or directory); `docker compose up` makes what is missing",
        ),
        ("NATS_NKEY_FILE", b"\n", "is empty; remove it and `docker compose up`"),
        ("NATS_NKEY_FILE", b"hunter2", "is not the seed of a NATS user"),
        ("NATS_NKEY_FILE", b"\xff\xfe", "holds no text"),
        ("OPENSEARCH_PASSWORD_FILE", b"", "is empty; remove it and"),
        ("OPENSEARCH_CA_FILE", None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_secret_that_is_not_there_is_named_with_what_to_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    content: bytes | None,
    said: str,
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv(f"NEWSWIRE_{variable}", str(file))
    sentence = refused(capsys)
    assert sentence.startswith(f"newswire: NEWSWIRE_{variable}: {file} {said}")
    assert "hunter2" not in sentence


def test_a_seed_of_ours_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nats.nk").write_bytes(new_seed())
    monkeypatch.setenv("NEWSWIRE_NATS_NKEY_FILE", str(tmp_path / "nats.nk"))
    assert Settings.load().nats_nkey_file == tmp_path / "nats.nk"


def test_who_is_refused_by_nats_is_told_which_key(tmp_path: Path) -> None:
    (tmp_path / "nats.nk").write_bytes(new_seed())
    with_key = Settings(nats_nkey_file=tmp_path / "nats.nk")
    assert f"does not know the key in {tmp_path / 'nats.nk'}" in str(
        refusal(with_key, "nats: 'Authorization Violation'")
    )
    assert "lets nobody in without a key" in str(refusal(Settings(), Exception("nats: 'Authorization Violation'")))
    assert refusal(Settings(), "nats: 'Permissions Violation'") is None

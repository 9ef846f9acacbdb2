"""Archives of ours and of anybody: written, found in broken files, read, and made raw messages of."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.archive import members
from services.fetch.archive.members import GZIP, LARGEST, MAX_FAULTS, Piece, records
from services.fetch.archive.reading import Answer, UnreadableError, answer_of
from services.fetch.archive.records import Exchange, response, warcinfo
from services.fetch.archive.replay import Left, Made, Replay
from services.fetch.core import ARCHIVED, RENDERED, Fetched, provenance
from shared.contracts import Archived
from tests.fakes.newsroom import Newsroom

NOON = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=UTC)
ID = "urn:uuid:00000000-0000-4000-8000-00000000000"
HTML = [("Content-Type", "text/html; charset=utf-8")]


def packed(number: int, body: bytes = b"<p>Text", **given: object) -> bytes:
    known = {"url": f"https://gazette.example/{number}", "status": 200, "reason": "OK", "headers": HTML, "at": NOON}
    return response(Exchange(**known | {"body": body} | given), f"{ID}{number}")  # type: ignore[arg-type]


def read(data: bytes) -> list[str]:
    """Addresses, and faults in brackets."""
    found: list[str] = []
    for piece in records(data):
        answer = answer_of(piece.body, "a.warc.gz") if piece.body is not None else None
        if piece.body is None:
            found.append(f"[{piece.fault}]")
        elif answer:
            found.append(answer.fetched.url)
    return found


@given(
    body=st.binary(max_size=300),
    status=st.integers(100, 599),
    reason=st.text(st.characters(codec="latin-1", exclude_categories=("Cc",)), max_size=20),
    source=st.from_regex(r"[a-z0-9_-]{0,64}", fullmatch=True),
    cut=st.booleans(),
)
def test_what_is_written_is_read_again(body: bytes, status: int, reason: str, source: str, cut: bool) -> None:  # noqa: FBT001
    sent = [*HTML, ("Content-Encoding", "br"), ("Transfer-Encoding", "chunked"), ("X-\xdc", "\xe9"), ("ETag", '"a"')]
    record = packed(1, body, status=status, reason=reason, headers=sent, source=source, cut=cut)

    (piece,) = records(record)
    assert piece.body is not None
    found = answer_of(piece.body, "a.warc.gz")

    assert found
    assert found.source == source
    assert (found.fetched.body, found.fetched.status, found.fetched.fetched_at) == (body, status, NOON)
    assert found.fetched.headers == {"Content-Type": "text/html; charset=utf-8", "ETag": '"a"'}
    assert (b"WARC-Truncated: length" in piece.body) == cut


@given(st.binary(max_size=2_000) | st.binary(max_size=500).map(lambda noise: packed(1)[:200] + noise + packed(2)))
def test_any_bytes_are_read_to_their_end(data: bytes) -> None:
    pieces = list(records(data))

    assert len(pieces) <= MAX_FAULTS + 10
    assert all(0 <= piece.start <= piece.end <= len(data) for piece in pieces)
    for piece in pieces:
        if piece.body is not None:
            try:
                answer_of(piece.body, "a")
            except UnreadableError:
                continue


def unzipped(*packs: bytes) -> bytes:
    return b"".join(gzip.decompress(each) for each in packs)


ONE, TWO, THREE = (f"https://gazette.example/{number}" for number in (1, 2, 3))
BAD_GZIP = GZIP + b"\x00" * 7 + b"\xff" * 90


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (packed(1) + packed(2), [ONE, TWO]),
        (unzipped(packed(1), packed(2)), [ONE, TWO]),
        (gzip.compress(unzipped(packed(1), packed(2))), [ONE, TWO]),
        (warcinfo("a", "b") + packed(1), [ONE]),
        (packed(1) + packed(2)[:-9], [ONE, "[cut short: the file ends within a record]"]),
        (unzipped(packed(1), packed(2))[:-40], [ONE, "[cut short: the file ends within a record]"]),
        (packed(1) + BAD_GZIP + packed(2), [ONE, "[not readable as gzip: *]", TWO]),
        (b"junk\n" + unzipped(packed(1)), ["[no record begins here: *]", ONE]),
        (unzipped(packed(1)).replace(b"Content-Length", b"Length") + unzipped(packed(2)), ["*Content-Length]", TWO]),
        (b"WARC/1.1\r\n" + b"a: b\r\n" * 20_000 + unzipped(packed(2)), ["[its header does not end]", TWO]),
        (b"\x28\xb5\x2f\xfd....", ["[compressed with zstd; unpack it with `unzstd` first]"]),
        (b"", []),
    ],
)  # fmt: skip
def test_faults_are_told_and_what_follows_is_read(data: bytes, found: list[str]) -> None:
    def alike(seen: str, wanted: str) -> bool:
        before, star, after = wanted.partition("*")
        return seen.startswith(before) and seen.endswith(after) if star else seen == wanted

    seen = read(data)

    assert len(seen) == len(found), seen
    assert all(alike(*each) for each in zip(seen, found, strict=True)), seen


def test_bombs_and_giants_are_left_and_what_follows_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "LARGEST", 100_000)
    bomb = gzip.compress(b"WARC/1.1\r\nContent-Length: 9999999\r\n\r\n" + bytes(10_000_000))
    giant = b"WARC/1.1\r\nContent-Length: 200000\r\n\r\n" + b"\nWARC/1.1\r\n" * 20_000 + b"\r\n\r\n"

    assert read(bomb + packed(1)) == ["[more than 100,000 bytes in one gzip member]", ONE]
    assert read(giant[:200_040] + b"\r\n\r\n" + unzipped(packed(1)))[-1] == ONE
    assert len(list(records((GZIP + b"x") * 10_000))) == MAX_FAULTS + 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((b"<p>Text", b"<p>Next"), "its body is not what its digest says"),
        ((b"https://gazette", b"gopher://gazett"), "a"),
        ((b"2026-03-04T12", b"someday-03T12"), "no WARC-Date"),
        ((b"HTTP/1.1 200", b"HTTP/1.1 9x9"), "the status"),
        ((b"WARC/1.1", b"WARC/9.9"), "not a readable record"),
        ((b"\r\nContent-Type: text/html", b"\r\nContent-Encoding: br\r\nX: "), "encoded as 'br'"),
    ],
)
def test_a_record_that_is_broken_says_why(change: tuple[bytes, bytes], said: str) -> None:
    record = unzipped(packed(1)).replace(*change, 1)
    try:
        found = answer_of(record, "a")
    except UnreadableError as error:
        assert said in str(error)  # noqa: PT017 - one of them is no answer, which is right as well
    else:
        assert found is None


def test_a_body_that_swells_is_left() -> None:
    squeezed = zlib.compress(bytes(LARGEST + 1), 9)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n"
    about = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {ONE}\r\nWARC-Date: 2026-03-04T12:00:00Z\r\n"
    record = f"{about}Content-Length: {len(head) + len(squeezed)}\r\n\r\n".encode() + head + squeezed

    with pytest.raises(UnreadableError, match="bytes when decoded"):
        answer_of(record, "a")


def test_where_it_is_kept_is_a_header() -> None:
    kept = Archived(file="a.warc.gz", record_id=f"{ID}1", sha256="00")

    assert provenance(Fetched(ONE, 200, {}, b"", NOON)) == {}
    assert provenance(Fetched(ONE, 200, {}, b"", NOON, archived=kept)) == {ARCHIVED: kept.model_dump_json()}


def test_what_rendered_a_page_is_kept_with_it_and_no_server_can_say_so() -> None:
    said = [("Content-Type", "text/html"), (RENDERED, "Chromium 9")]

    found, other = (answer_of(packed(1, headers=said, **given), "a") for given in ({"rendered": "Chromium 1"}, {}))

    assert found
    assert other
    assert (found.fetched.rendered, other.fetched.rendered) == ("Chromium 1", None)
    assert provenance(replace(found.fetched, archived=None)) == {RENDERED: "Chromium 1"}


# what becomes of it

ROOM_AT = NOON - timedelta(hours=3)


class Crawl:
    """A source's answers in the order of an archive, and what was made of them."""

    def __init__(self, *, full: bool = False, honour: frozenset[str] = frozenset({"noindex"})) -> None:
        self.room = Newsroom("https://gazette.example", full=full)
        self.replay = Replay(honour)  # type: ignore[arg-type]
        self.at = NOON

    def take(
        self, path: str, body: bytes, status: int = 200, kind: str = "text/html", **headers: str
    ) -> list[Made | Left]:
        self.at += timedelta(minutes=1)
        given = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        fetched = Fetched(f"https://gazette.example{path}", status, given, body, self.at)
        return list(self.replay.take(Answer(fetched, "gazette")))

    def feed(self) -> list[Made | Left]:
        return self.take("/feed.xml", self.room.rss(), kind="application/rss+xml")

    def pages(self) -> Iterator[Made | Left]:
        for each in self.room.articles:
            yield from self.take(each.path, self.room.page(each))


def reasons(found: list[Made | Left]) -> list[str]:
    return [each.reason if isinstance(each, Left) else "made" for each in found]


def test_a_page_travels_with_what_its_feed_said_and_once() -> None:
    crawl = Crawl()
    crawl.room.write(ROOM_AT)

    assert reasons(crawl.feed()) == ["feed"]
    assert crawl.replay.waiting == 1
    (made,) = crawl.pages()

    assert isinstance(made, Made)
    assert made.source == "gazette"
    assert b'"headline":"Lighthouse story 1"' in made.message.body
    assert crawl.replay.waiting == 0
    assert reasons(list(crawl.pages())) == ["unchanged"]
    crawl.room.articles[0].version = 2
    assert reasons(list(crawl.pages())) == ["made"]


def test_an_entry_with_its_text_is_an_article_and_a_page_without_a_feed_is_one() -> None:
    crawl = Crawl(full=True)
    article = crawl.room.write(ROOM_AT)

    assert reasons(crawl.feed()) == ["feed", "made"]
    assert reasons(crawl.feed()) == ["feed"]
    assert reasons(Crawl().take("/news/9", crawl.room.page(article))) == ["made"]
    assert reasons(Crawl().take("/news/9", b"<p>A short page that begins like none. " * 20)) == ["made"]


def test_deletions_are_published_once_where_the_article_is_known() -> None:
    crawl = Crawl()
    path = crawl.room.write(ROOM_AT).path
    list(crawl.pages())

    assert reasons(crawl.take(path, b"gone", 404)) == ["no success"]
    (gone,) = crawl.take(path, b"gone", 404)
    assert isinstance(gone, Made)
    assert b'"status":"canceled"' in gone.message.body
    assert reasons(crawl.take(path, b"gone", 410)) == ["no success"]
    assert reasons(crawl.take("/unknown", b"gone", 410)) == ["no success"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"path": "/robots.txt", "body": b"User-agent: *"}, "robots.txt"),
        ({"path": "/a", "body": b"oops", "status": 500}, "no success"),
        ({"path": "/a", "body": b"{}", "kind": "application/json"}, "neither page nor feed"),
        ({"path": "/a", "body": b"<!doctype html><div id='root'></div><script src=/a></script>"}, "javascript_shell"),
        ({"path": "/a", "body": b"<!doctype html>" + b"<p>A page. " * 200, "X_Robots_Tag": "noindex"}, "opted out"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_left_by_name(given: dict[str, object], reason: str) -> None:
    assert reasons(Crawl().take(**given)) == [reason]  # type: ignore[arg-type]


def test_places_are_those_in_the_file() -> None:
    first, second = packed(1), packed(2)

    assert [(each.start, each.end) for each in records(first + second)] == [
        (0, len(first)), (len(first), len(first) + len(second)),
    ]  # fmt: skip
    assert Piece(0, 1, None).fault == ""

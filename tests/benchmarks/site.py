"""A site on loopback that costs next to nothing to ask: python -m tests.benchmarks.site PAGES. Prints its port.

`/<source>/feed.xml` lists PAGES articles, `/<source>/<any path>` is a page of KB, all from memory, over connections
that stay.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.fakes.newsroom import Article, Newsroom

NUMBER = b"0123456789"
KB = 60
"""Of a page: the median of the corpus' HTML pages is about that."""


class Site(asyncio.Protocol):
    """One connection. Answers are made before anybody asks."""

    answers: dict[bytes, bytes] = {}  # noqa: RUF012 - one for all connections
    page = (b"", b"")
    """Before and after a number that makes each page another one."""
    pages = count(10**9)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._left = transport, b""

    def data_received(self, data: bytes) -> None:
        *whole, self._left = (self._left + data).split(b"\r\n\r\n")
        for request in whole:
            path = request.split(b" ", 2)[1]
            self._transport.write(self.answers.get(path) or (b"%d" % next(self.pages)).join(self.page))


def answer(body: bytes, content_type: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def page_of(article: Article) -> bytes:
    """A page with as much around its article as pages have."""
    menu = "".join(f"<li class='item-{each}'><a href='/section/{each}'>Section {each}</a></li>\n" for each in range(40))
    script = "<script>window.settings = {" + ",".join(f'"key{each}": {each}' for each in range(400)) + "};</script>\n"
    page = Newsroom("http://site.example").page(article).replace(b"Work begins", b"Work on " + NUMBER + b" begins")
    around = (menu + script) * (KB * 1024 // len(menu + script))
    return page.replace(b"<nav>", b"<nav>" + around.encode())


async def main(pages: int, sources: int) -> None:
    """Serve until killed."""
    now = datetime.now(UTC).replace(microsecond=0)
    article = Article(1, now)
    before, after = answer(page_of(article), "text/html; charset=utf-8").split(NUMBER)
    Site.page = before, after
    Site.answers[b"/robots.txt"] = answer(b"", "text/plain", "404 Not Found")
    server = await asyncio.get_running_loop().create_server(Site, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for number in range(sources):
        room = Newsroom(f"http://127.0.0.1:{port}/{number}", listed=pages)
        for each in range(pages):
            room.write(now - timedelta(minutes=each))
        Site.answers[f"/{number}/feed.xml".encode()] = answer(room.rss(), "application/rss+xml")
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))

"""What a page as plain text costs the parser, beside what trafilatura takes for a page of HTML in its fast mode.

Milliseconds are a machine's own: one may be three times as slow as the next. The bar is 3 ms where trafilatura takes
14.9 ms for a page of the same set, so it is told as the share of such a page.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import process_time
from typing import Final

from services.parse.core import parse_bytes
from tests.benchmarks.report import Section
from tests.benchmarks.statistics import Bar, Spread, ratios
from tests.quality.material import DATA, Labelled, labelled
from tests.quality.readers import READERS, YARDSTICK

TEXT: Final = DATA.parent / "seed" / "article.txt"
PAGES: Final = "zyte"
ROUNDS: Final = 5
TIMES: Final = 100
"""The text is read so often in a round."""
PAGE_MS: Final = 14.9
"""Mean of a page of the set by the yardstick on the machine for which the bar was set."""
LIMIT_MS: Final = 3.0
TITLE: Final = "A page as text, with its JSON, beside a page of HTML by trafilatura"


def text() -> Section:
    """The text and the pages in turn. The first round warms all caches and is not counted."""
    if not TEXT.exists():
        return Section("text", f"{TITLE}: not measured, there is no {TEXT}", ("", ""), [], [], {})
    body, pages = TEXT.read_bytes(), list(labelled(PAGES))
    pairs = [(_ms(lambda: _parse(body), TIMES), _pages_ms(pages)) for _ in range(ROUNDS + 1)][1:]
    return _section([text_ms for text_ms, _ in pairs], [page_ms for _, page_ms in pairs], len(pages))


def _parse(body: bytes) -> str:
    now = datetime.now(UTC)
    return parse_bytes(body, {"content-type": "text/plain"}, "text", now, now=now).model_dump_json()


def _pages_ms(pages: Sequence[Labelled]) -> float:
    """The mean of a page."""
    read = READERS[YARDSTICK]
    return sum(_ms(lambda page=page: read(page), 1) for page in pages) / len(pages)


def _ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds of CPU that it takes once."""
    start = process_time()
    for _ in range(times):
        work()
    return (process_time() - start) * 1_000 / times


def _section(texts: Sequence[float], pages: Sequence[float], count: int) -> Section:
    share = ratios(texts, pages)
    scaled = Spread(share.median * PAGE_MS, share.low * PAGE_MS, share.high * PAGE_MS)
    rows = [
        ("the text, ms of CPU", Spread.of(texts).text(2)),
        (f"a page of HTML by {YARDSTICK}, mean of {count}, ms of CPU", Spread.of(pages).text(1)),
        ("the text / the page", share.text(3)),
        (f"the text where such a page takes {PAGE_MS:g} ms, ms", scaled.text(2)),
    ]
    bar = Bar(f"the text where such a page takes {PAGE_MS:g} ms", scaled.median, LIMIT_MS, "at most", " ms")
    return Section("text", f"{TITLE} ({ROUNDS} rounds in turn, median and range)", ("", "value"), rows, [bar],
                   {"ms": Spread.of(texts), "page_ms": Spread.of(pages), "share": share})  # fmt: skip

"""arXiv: arxiv.org."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="arXiv",
    hosts=frozenset({"arxiv.org"}),
    country="US",
    zone="America/New_York",
    order="DMY",
    language="en",
    layouts=(
        Layout(
            since=date(2020, 1, 1),
            headline='(//h1[contains(@class,"title")]/text()[normalize-space()])',
            body="blockquote.abstract",
            authors=".authors a",
            published='(substring-before(substring-after(//*[@class="dateline"], "Submitted on "), "]"))',
        ),
    ),
)

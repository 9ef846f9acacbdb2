"""BBC America: bbcamerica.com.

Author and day stand in one line: `By A Name | March 1, 2023`.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="BBC America",
    hosts=frozenset({"bbcamerica.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2022, 1, 1),
            headline=".article-title",
            body=".article-html",
            authors='(substring-before(//*[@class="article-byline"], "|"))',
            published='(substring-after(//*[@class="article-byline"], "|"))',
        ),
    ),
)

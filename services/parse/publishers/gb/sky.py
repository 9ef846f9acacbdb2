"""Sky News: news.sky.com.

Times are printed as UK time, without an offset.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Sky News",
    hosts=frozenset({"news.sky.com"}),
    country="GB",
    zone="Europe/London",
    order="DMY",
    language="en-GB",
    layouts=(
        Layout(
            since=date(2019, 1, 1),
            headline=".sdc-article-header__title",
            body=".sdc-article-body > p, .sdc-article-body > h2, .sdc-article-body > ul",
            authors=".sdc-article-author__name",
            published=".sdc-article-date__date-time",
        ),
    ),
)

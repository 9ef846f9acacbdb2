"""Daily Mail: dailymail.co.uk."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Daily Mail",
    hosts=frozenset({"dailymail.co.uk"}),
    country="GB",
    zone="Europe/London",
    order="DMY",
    language="en-GB",
    layouts=(
        Layout(
            since=date(2020, 1, 1),
            headline="#js-article-text h1",
            body='[itemprop="articleBody"] > p',
            published=".article-timestamp-published time",
            modified=".article-timestamp-updated time",
        ),
    ),
)

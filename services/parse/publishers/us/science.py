"""Science: science.org."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Science",
    hosts=frozenset({"science.org"}),
    country="US",
    zone="America/New_York",
    order="DMY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2021, 9, 1),
            headline=".news-article__hero__title",
            authors='a.news-article__hero__bottom-meta-link[href*="author"]',
            published=".news-article__hero__date",
        ),
    ),
)

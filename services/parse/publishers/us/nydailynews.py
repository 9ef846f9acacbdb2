"""New York Daily News: nydailynews.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="New York Daily News",
    hosts=frozenset({"nydailynews.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2023, 1, 1),
            headline=".headline-area h1.entry-title > span",
            authors=".byline .author-name",
            published=".meta .time > time",
        ),
    ),
)

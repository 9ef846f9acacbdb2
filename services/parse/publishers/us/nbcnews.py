"""NBC News: nbcnews.com.

A live page declares the day on which its first entry was made; it prints its own.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="NBC News",
    hosts=frozenset({"nbcnews.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2019, 1, 1),
            headline="h1",
            published='time[itemprop="datePublished"]',
        ),
        Layout(
            since=date(2021, 6, 1),
            authors='.article-inline-byline [data-testid="byline-name"]',
            published='[data-testid="timestamp__datePublished"]',
        ),
    ),
)

"""Reviewed: reviewed.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Reviewed",
    hosts=frozenset({"reviewed.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2025, 1, 1),
            headline="h1.feature__header-title",
            authors=".article-byline__written-by a",
            published=".article-byline__pub-dates",
        ),
    ),
)

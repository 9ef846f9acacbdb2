"""The Daily Reporter: thedailyreporter.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="The Daily Reporter",
    hosts=frozenset({"thedailyreporter.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2023, 1, 1),
            body=".story.primary-content > p, .story.primary-content > h2",
            authors=".byline-section .authors",
        ),
    ),
)

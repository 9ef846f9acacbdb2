"""Commercial Appeal: commercialappeal.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Commercial Appeal",
    hosts=frozenset({"commercialappeal.com"}),
    country="US",
    zone="America/Chicago",
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

"""The Public Domain Review: publicdomainreview.org."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="The Public Domain Review",
    hosts=frozenset({"publicdomainreview.org"}),
    country="GB",
    zone="Europe/London",
    order="MDY",
    language="en-GB",
    layouts=(
        Layout(
            since=date(2020, 1, 1),
            headline=".collection-header h1",
            body=".essay__center-content",
            authors=".attribution a",
            published=".dateline .date",
        ),
    ),
)

"""TIME: time.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="TIME",
    hosts=frozenset({"time.com"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2023, 1, 1),
            body="#article-body-main",
            drop=".inline-article-recirc",
        ),
    ),
)

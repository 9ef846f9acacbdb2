"""SeniorLiving.org: seniorliving.org."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="SeniorLiving.org",
    hosts=frozenset({"seniorliving.org"}),
    country="US",
    zone="America/New_York",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2024, 1, 1),
            authors=".author-name-title .author-link",
            published=".meta-date .post-date",
        ),
    ),
)

"""UC Davis Health: health.ucdavis.edu."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="UC Davis Health",
    hosts=frozenset({"health.ucdavis.edu"}),
    country="US",
    zone="America/Los_Angeles",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2023, 1, 1),
            headline=".basic-header-body h2.section-title",
            body=".basic-content-body",
        ),
    ),
)

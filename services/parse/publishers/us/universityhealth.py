"""University Health: universityhealth.com."""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="University Health",
    hosts=frozenset({"universityhealth.com"}),
    country="US",
    zone="America/Chicago",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2024, 1, 1),
            headline="h1.content-hub-hero__content-title",
            authors=".content-hub-hero__content-authors",
            published=".content-hub-hero__content-date",
        ),
    ),
)

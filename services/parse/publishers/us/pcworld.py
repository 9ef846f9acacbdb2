"""PCWorld: pcworld.com.

Times are printed with PST or PDT; guides show the day of their last revision.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="PCWorld",
    hosts=frozenset({"pcworld.com"}),
    country="US",
    zone="America/Los_Angeles",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2021, 11, 1),
            headline="h1.entry-title",
            authors=".entry-meta .author a",
            published=".entry-meta .posted-on",
        ),
    ),
)

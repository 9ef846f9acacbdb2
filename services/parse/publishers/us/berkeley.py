"""Berkeley Blog: blogs.berkeley.edu.

`datetime` of its times is two dates in one; what is printed is right.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Berkeley Blog",
    hosts=frozenset({"blogs.berkeley.edu"}),
    country="US",
    zone="America/Los_Angeles",
    order="MDY",
    language="en-US",
    layouts=(
        Layout(
            since=date(2022, 1, 1),
            headline=".single-post__title",
            authors=".single-post__heading p a",
            published=".single-post__date",
        ),
    ),
)

"""Börsen-Zeitung: boersen-zeitung.de.

Times are printed in UTC, without saying so.
"""

from datetime import date

from services.parse.publishers.profile import Layout, Profile

PROFILE = Profile(
    name="Börsen-Zeitung",
    hosts=frozenset({"boersen-zeitung.de"}),
    country="DE",
    zone="UTC",
    order="DMY",
    language="de-DE",
    layouts=(
        Layout(
            since=date(2024, 1, 1),
            headline=".article-header h1",
            authors="#authors span",
        ),
    ),
)

"""Interfax-Ukraine: interfax.com.ua and en.interfax.com.ua.

Times are printed `20:50 07.06.2024` in Kyiv time, with no zone.
"""

from services.parse.publishers.profile import Profile

PROFILE = Profile(
    name="Interfax-Ukraine",
    sources=frozenset({"interfax-ua", "interfax-ukraine"}),
    hosts=frozenset({"interfax.com.ua", "en.interfax.com.ua", "ru.interfax.com.ua", "ua.interfax.com.ua"}),
    country="UA",
    zone="Europe/Kyiv",
    order="DMY",
    sections=frozenset({"Facts", "Economic", "General", "Political", "Interview", "Press conference", "Blogs"}),
)

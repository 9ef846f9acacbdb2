"""Profiles of publishers: one module a site, in a folder of its country's ISO 3166 code, each with a `PROFILE`."""

from services.parse.publishers.profile import Profile

__all__ = ["Profile", "profile_for"]


def profile_for(source: str, url: str | None = None) -> Profile | None:
    """The profile of the page's publisher: by the host of `url`, else by the source it came under."""
    return None

"""Profiles of publishers: one module a site, in a folder of its country's ISO 3166 code, each with a `PROFILE`."""

from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from urllib.parse import urlsplit

from services.parse.publishers.profile import Layout, Profile
from services.parse.times.country import country_of, zone_of
from services.parse.times.reading import Habits
from shared.url import domain

__all__ = ["Layout", "Profile", "habits_of", "profile_for", "profiles"]


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, found by walking this package."""
    modules = (import_module(found.name) for found in walk_packages(__path__, f"{__name__}."))
    return tuple(module.PROFILE for module in modules if hasattr(module, "PROFILE"))


def profile_for(source: str, url: str | None = None) -> Profile | None:
    """The profile of the page's publisher: by the host of `url`, else by the source it came under."""
    return _by_host().get(_host(url)) or _by_source().get(source)


@cache
def _by_host() -> dict[str, Profile]:
    return {host: profile for profile in profiles() for host in profile.hosts}


@cache
def _by_source() -> dict[str, Profile]:
    return {source: profile for profile in profiles() for source in profile.sources}


def _host(url: str | None) -> str:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:  # an address of IPv6 that is none
        return ""
    return host.removeprefix("www.")


def habits_of(profile: Profile | None, language: str | None = None, *, url: str | None = None) -> Habits:
    """How a publisher writes times. `language`: of the page, where the profile names none.

    `url`: of the page, perhaps empty; without a profile it and the language tell the country, which may tell the zone.
    """
    if profile is None:
        zone = zone_of(country_of(domain(url), language)) if url is not None else None
        return Habits(zone=zone, zone_source="country", language=language)
    return Habits(zone=profile.zone, order=profile.order, language=profile.language or language)

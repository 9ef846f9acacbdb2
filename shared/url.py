"""Addresses: which are of the web, and one spelling for each."""

import re
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

URL_LIMIT: Final = 4_096
TRACKING_PREFIXES: Final = ("utm_", "pk_", "mtm_", "hsa_", "at_", "__hs", "_hs", "wt_", "ga_")
TRACKING: Final = frozenset(
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid",
        "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "cmp", "cmpid", "smid", "smtyp", "ocid", "ncid", "xtor", "ito",
        "vero_id", "oly_anon_id", "oly_enc_id", "s_cid", "ref_src", "ref_url", "ftag", "guccounter", "guce_referrer",
        "guce_referrer_sig", "_openstat", "taid", "amp",
    }
)  # fmt: skip
"""Query parameters that say where a reader came from and never which article it is."""
SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "gov", "gob", "gouv", "edu", "ac", "or", "ne", "go", "in"})
"""Labels under a country's domain that are not yet a publisher: bbc.co.uk, unian.com.ua."""
_JUNK: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~/:=&?+!$,;'@()*\[\]-]*+")
"""Nothing to escape: most parts of most addresses."""
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_HOST: Final = re.compile(r"(?=.{1,253}$)[^\s/?#@:\\%\[\]<>\"']+|\[[0-9a-f:.]+\]")
_CACHED: Final = re.compile(r"^https?://[^/]+/(?:[acv]|amp)/(s/)?([^/].*)$")
_AMP: Final = re.compile(r"(?<=[^/]{12})/amp/?$")
"""After a part that names an article: `/amp` alone may be a section on amplifiers."""
_PORTS: Final = {"http": 80, "https": 443}


def web_url(url: str | None, base: str | None = None) -> str | None:
    """`url` as an absolute http(s) address without user name and control characters, or None when it is none."""
    if not url or len(url) > URL_LIMIT:
        return None
    try:
        joined = urljoin(base, _JUNK.sub("", url.strip())) if base else _JUNK.sub("", url.strip())
        return _rebuilt(urlsplit(joined))
    except ValueError:
        return None


def _rebuilt(parts: SplitResult) -> str | None:
    scheme, host, port = parts.scheme.lower(), _ascii((parts.hostname or "").rstrip(".")), parts.port
    if ":" in host:
        host = f"[{host}]"
    if scheme not in _PORTS or not _HOST.fullmatch(host):
        return None
    netloc = host if port in {None, _PORTS[scheme]} else f"{host}:{port}"
    path, query, fragment = (_escaped(each) for each in (parts.path or "/", parts.query, parts.fragment))
    whole = urlunsplit((scheme, netloc, path, query, fragment))
    return whole if len(whole) <= URL_LIMIT else None


def _ascii(host: str) -> str:
    """A host as it is asked for: names in other letters have two spellings."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _escaped(part: str) -> str:
    if _PLAIN.fullmatch(part):
        return part
    once = quote(_BARE_PERCENT.sub("%25", part), safe="/%:=&?~+!$,;'@()*[]")
    return _ESCAPE.sub(lambda escape: escape.group().upper(), once)


def canonical_url(url: str) -> str | None:
    """One spelling of an address: no fragment, no tracking parameters, no AMP. Idempotent; None for no web address."""
    known = web_url(url)
    if known is None:
        return None
    out = _out_of_cache(known)
    known = known if out == known else web_url(out)
    if known is None:
        return None
    parts = urlsplit(known)
    parts = parts._replace(path=_AMP.sub("", parts.path) or "/")
    kept = "&".join(each for each in parts.query.split("&") if each and not _is_tracking(each))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))


def _out_of_cache(url: str) -> str:
    """The publisher's own address of a page in an AMP cache; any other address as it is.

    https://developers.google.com/amp/cache/overview: `<site>.cdn.ampproject.org/c/s/<address>`; `s` says https.
    """
    host = urlsplit(url).hostname or ""
    match = _CACHED.search(url) if host.endswith(".cdn.ampproject.org") or host.startswith("www.google.") else None
    return f"{'https' if match[1] else 'http'}://{match[2]}" if match else url


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def domain(url: str) -> str:
    """The host of a web address without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def slug(url: str) -> str:
    """The words of an address that name its article, as far as it has some: the longest part of its path."""
    parts = unquote(urlsplit(url).path).split("/") if url else []
    return max(parts, key=lambda part: (part.count("-") + part.count("_"), len(part)), default="")


def same_place(one: str, other: str) -> bool:
    """Two canonical addresses that differ at most in how sites spell them: https, www., the last slash."""
    return _place(one) == _place(canonical_url(other) or "")


def _place(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def same_publisher(one: str, other: str) -> bool:
    """Both addresses belong to one registered domain, as far as that can be told without the public suffix list."""
    return _registered(domain(one)) == _registered(domain(other))


def _registered(host: str) -> str:
    labels = host.split(".")
    deep = len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2  # noqa: PLR2004 - country codes
    return ".".join(labels[-3 if deep else -2 :])

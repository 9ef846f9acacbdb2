"""What stands before an article or in its place, told by its words: challenges, consent dialogues, empty shells. Pure.

fetch asks before it publishes a page, parse of whatever somebody else published.
"""

import re
from typing import Final

FEW_WORDS: Final = 120
"""Words of a challenge or a consent dialogue; an article that mentions one has more."""
SHELL_WORDS: Final = 40
CONSENT_TERMS: Final = 3
ASKED_WITHIN: Final = 5_000
CONSENT_WITHIN: Final = 20_000
"""Characters of a page's text that are looked at."""
CLOUDFLARE: Final = "Cloudflare"

_CLOUDFLARE: Final = ("cdn-cgi/challenge-platform", "cf-chl-", "cf_chl_opt", "challenges.cloudflare.com")
_CHALLENGES: Final = (
    ("DataDome", ("captcha-delivery.com", "datadome")),
    ("HUMAN", ("px-captcha", "_pxappid", "perimeterx")),
    ("Imperva", ("_incapsula_resource", "incapsula incident")),
    ("Akamai", ("errors.edgesuite.net", "_abck", "akamai-bm-telemetry")),
    ("AWS WAF", ("awswaf.com", "aws-waf-token", "gokuprops")),
    ("DDoS-Guard", ("ddos-guard",)),
    ("a captcha", ("g-recaptcha", "h-captcha", "hcaptcha.com/1/api", "captcha-container", "smartcaptcha")),
)
"""What stands in their pages, in lower case. Patterns that disregard case took 8 % of a short page's time."""
_ASKED: Final = re.compile(
    r"verify (?:that )?you are (?:a )?human|are you a robot|unusual traffic|checking your browser|just a moment"
    r"|enable javascript and cookies to continue|attention required",
    re.IGNORECASE,
)
_CONSENT: Final = re.compile(
    r"cookie|consent|gdpr|privacy polic|legitimate interest|our partners|accept all|reject all|vendors|personal data"
    r"|einwilligung|datenschutz|zustimm|partenaires|consentement|données personnelles|згод|согласи",
    re.IGNORECASE,
)
_NEEDS_SCRIPT: Final = re.compile(
    r"<noscript\b[^<>]{0,500}>[^<]{0,500}java\s?script"
    r"|<(?:div|main)\b[^<>]{0,200}\bid=[\"'](?:root|app|__next|__nuxt|main-app)[\"'][^<>]{0,200}>\s*</",
    re.IGNORECASE,
)


def challenge_in(page: str, title: str, text: str) -> str | None:
    """Who asks visitors to prove that they are human; "" when nobody says so, None when nobody asks.

    Args:
        page: markup of a page with few words.
        title: of that page.
        text: what it shows.
    """
    asked = _ASKED.search(title) or _ASKED.search(text[:ASKED_WITHIN])
    lowered = page.lower()
    if any(mark in lowered for mark in _CLOUDFLARE) and (asked or not text):
        return CLOUDFLARE
    maker = next((name for name, marks in _CHALLENGES if any(mark in lowered for mark in marks)), None)
    return "" if maker is None and asked else maker


def asks_consent(text: str) -> bool:
    """Whether a text of few words is a consent dialogue."""
    return len({term.casefold() for term in _CONSENT.findall(text[:CONSENT_WITHIN])}) >= CONSENT_TERMS


def needs_script(page: str) -> bool:
    """Whether a page of hardly any words says that a script will fill it."""
    return _NEEDS_SCRIPT.search(page) is not None

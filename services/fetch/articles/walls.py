"""Pages that stand before an article: challenges, consent, shells. Each by name, so that a person knows what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from services.fetch.feeds.markup import lines, tags, title
from shared.walls import CLOUDFLARE, FEW_WORDS, SHELL_WORDS, asks_consent, challenge_in, needs_script

WallName = Literal[
    "cloudflare_challenge", "bot_challenge", "access_denied", "login_wall", "legal_block", "consent_wall",
    "javascript_shell", "empty_shell",
]  # fmt: skip
SHOWN: Final[dict[str, str]] = {
    "cloudflare_challenge": "Cloudflare challenge",
    "bot_challenge": "bot challenge",
    "access_denied": "access denied (403)",
    "login_wall": "log-in or payment required",
    "legal_block": "blocked for legal reasons (451)",
    "consent_wall": "consent wall",
    "javascript_shell": "JavaScript shell",
    "empty_shell": "empty shell",
}
"""As people read them."""
_STATUSES: Final[dict[int, WallName]] = {
    401: "login_wall", 402: "login_wall", 403: "access_denied", 407: "access_denied", 451: "legal_block",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands there; `detail`: what tells."""

    name: WallName
    detail: str = ""

    @property
    def shown(self) -> str:
        """For a person: "bot challenge (DataDome)"."""
        return f"{SHOWN[self.name]} ({self.detail})" if self.detail else SHOWN[self.name]


def wall_in(status: int, headers: Mapping[str, str], page: str, url: str) -> Wall | None:
    """What stands before the article, or None when nothing does.

    Args:
        status: the HTTP status; of an answer that is no success, only its challenge is looked for.
        headers: of the answer, by their usual names.
        page: its text, or the beginning of it.
        url: where it was found, redirects followed.
    """
    return _challenge(headers, page) or _by_status(status) or _shell(page, url)


def _challenge(headers: Mapping[str, str], page: str) -> Wall | None:
    if headers.get("Cf-Mitigated", "").lower() == "challenge":
        return Wall("cloudflare_challenge")
    if headers.get("X-Amzn-Waf-Action", "").lower() in {"challenge", "captcha"}:
        return Wall("bot_challenge", "AWS WAF")
    text = lines(page)
    if sum(len(line.split()) for line in text) > FEW_WORDS:
        return None
    maker = challenge_in(page, title(page), "\n".join(text))
    if maker == CLOUDFLARE:
        return Wall("cloudflare_challenge")
    return None if maker is None else Wall("bot_challenge", maker)


def _by_status(status: int) -> Wall | None:
    name = _STATUSES.get(status)
    return Wall(name) if name else None


def _shell(page: str, url: str) -> Wall | None:
    text = lines(page)
    words = sum(len(line.split()) for line in text)
    if words >= FEW_WORDS:
        return None
    host = urlsplit(url).hostname or ""
    if asks_consent("\n".join(text)) or host.startswith("consent."):
        return Wall("consent_wall")
    if words < SHELL_WORDS and needs_script(page):
        return Wall("javascript_shell")
    if words < SHELL_WORDS // 4:
        scripts = any(True for _ in tags(page, "script"))
        return Wall("javascript_shell" if scripts else "empty_shell")
    return None

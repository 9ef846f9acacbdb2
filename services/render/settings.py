"""The settings of render."""

from shared.settings import Allowed, Settings


class RenderSettings(Settings):
    """Which browser loads pages, and what it may reach besides the public internet."""

    fetch_allow: Allowed = frozenset()
    """The same endpoints that fetch is told: one guard for both."""
    render_chromium: str = "chromium"
    """The program, by its path or its name in PATH."""
    render_sandbox: bool = True
    """Chromium's own sandbox around a page's process. It takes user namespaces, and a user other than root."""

"""Take the README's picture of an explained article, of an invented page: python -m tests.pictures.explained FILE."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from services.ctl.explain.page import page_of
from services.parse.explain import explain
from services.parse.raw.document import read_raw

PAGE = Path(__file__).parents[1] / "fixtures" / "html" / "full.html"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def main() -> int:
    """Write it, with the system's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("newswire: the picture needs a chromium; on Debian: make browser\n")
        return 1
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "page.html"
        page.write_text(page_of(explain(read_raw(PAGE.read_bytes(), {}, "coastal-record", NOW), now=NOW)), "utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1200, "height": 860}, color_scheme="light")
        shown.goto(page.as_uri())
        shown.screenshot(path=sys.argv[1])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

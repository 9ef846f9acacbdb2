"""The explain page as a browser shows it: nothing from outside runs, and a keyboard reaches everything."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from playwright.sync_api import Browser, Page, sync_playwright

from services.ctl.explain.page import page_of
from tests.unit.ctl.test_ctl_explain import FIXTURES, HOSTILE, explained
from tests.unit.ctl.test_ctl_explain_found import both

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here; on Debian: make browser"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest_socket.enable_socket()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page that fails the test when anything asks for a dialogue, logs an error or loads something."""
    faults: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: faults.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "request", lambda request: None if request.url.startswith(f"file://{tmp_path}") else faults.append(request.url)
    )
    yield page
    page.close()
    assert faults == []


def opened(page: Page, folder: Path, path: Path) -> None:
    file = folder / "explained.html"
    file.write_text(page_of(explained(path)), "utf-8")
    page.goto(file.as_uri())


def test_nothing_of_a_hostile_page_runs(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, HOSTILE)

    assert page.title().endswith("· explained by Newswire")
    assert page.locator("script, img, svg, iframe, object, form").count() == 0
    assert page.locator("h1").inner_text().startswith("</title><script>alert(5)")
    hrefs = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert [href for href in hrefs if not href.startswith(("#", "http://", "https://"))] == []
    assert page.locator(".hidden").first.inner_text() == "U+202E"
    assert page.evaluate("document.body.innerText.includes('\\u202e')") is False


def test_an_attempt_to_run_a_script_is_stopped_by_the_policy(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "explained.html"
    file.write_text(page_of(explained()).replace("</body>", "<script>document.title = 'ran'</script></body>"), "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())

    assert page.title() != "ran"
    page.close()


def test_kinds_of_blocks_are_hidden_and_shown_with_the_keyboard(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, FIXTURES / "html" / "full.html")
    paragraph = page.locator(".is-paragraph").first
    assert paragraph.is_visible()

    page.locator("#show-paragraph").focus()
    page.keyboard.press("Space")
    assert not paragraph.is_visible()
    page.keyboard.press("Space")
    assert paragraph.is_visible()


def test_the_first_tab_leads_past_the_head_and_a_field_leads_to_its_block(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, FIXTURES / "html" / "full.html")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the fields"
    page.get_by_role("link", name="headline").press("Enter")
    assert page.locator(".blocks li:target").inner_text().split("\n")[0] == "headline"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_it_fits_the_window_and_can_be_read(browser: Browser, tmp_path: Path, scheme: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, tmp_path, FIXTURES / "publishers" / "ua" / "interfax.txt")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) >= 4.5
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
def test_what_was_found_is_marked_and_its_places_are_on_the_map(
    browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    file = tmp_path / "found.html"
    file.write_text(page_of(*both()), "utf-8")
    page.goto(file.as_uri())

    assert asked == [file.as_uri()]
    assert page.locator("mark.m-person").first.inner_text() == "Ada Quill"
    assert page.locator("mark.m-money").first.get_attribute("title") == "money: 2,500,000 EUR"
    assert page.locator(".marked").inner_text() == both()[1].body
    frame = page.locator(".map svg").bounding_box()
    dots = [page.locator(".dot").nth(number).bounding_box() for number in range(page.locator(".dot").count())]
    assert frame is not None
    assert len(dots) == len(both()[1].places) >= 3
    for dot in dots:
        assert dot is not None
        assert frame["x"] <= dot["x"] <= frame["x"] + frame["width"]
        assert frame["y"] <= dot["y"] <= frame["y"] + frame["height"]
        assert 3 <= dot["width"] <= 20
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) >= 4.5
    page.close()


CONTRAST = """() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const ratios = [...document.querySelectorAll('body *')]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
      && !each.closest('.skip'))
    .map(each => [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a))
    .map(([high, low]) => (high + .05) / (low + .05));
  return Math.min(...ratios);
}"""
"""The worst contrast between a text and what is behind it (WCAG 2.2, 1.4.3)."""

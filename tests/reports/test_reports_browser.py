"""The HTML page in a real browser: filters, links, copying, colours, keyboard, print, and what it must not do."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lightfield_contract.reports import (
    Matrix,
    Result,
    ServerRun,
    compare,
    render_comparison_html,
    render_html,
    render_matrix_html,
)
from lightfield_contract.reports.page import slug

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIOLATED = "required:/fields/$name"
MATRIX = Matrix(
    "lightfield-contract 0.1.0",
    "standard",
    (0, 1),
    207.3,
    (
        ServerRun("keys-ignored", "Keys are ignored.", "Idempotency", ("a:1",), ("a:1", "b:1"), 640, 2.1),
        ServerRun("link-lost:/relationships/$account", "A link is lost.", "Success", ("b:1",), ("c:1",), 640, 2.1),
        ServerRun("makes-two-at-times", "Every tenth create makes two records.", "Success", ("c:1",), (), 640, 2.1),
        ServerRun("time=offset,family=422", "Timestamps say where.", "Conforming servers, seed 0", (), ("a:1",), 640, 2.1),
        ServerRun("id=uuid", "IDs are UUIDs.", "Conforming servers, seed 1", requests=640, seconds=2.1),
        ServerRun("unset=absent", "Only what is set.", "Conforming servers, seed 1", note="the run left no result"),
    ),
)
"""A row of every outcome."""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason=f"no browser: put one of {', '.join(NAMES)} on the PATH, or set CHROMIUM"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, once for the module."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a page from a file; afterwards it turns out that nothing was loaded and nothing went wrong."""
    contexts: list[Any] = []
    requests: list[str] = []
    problems: list[str] = []
    path = tmp_path / "report.html"

    def open_it(html: str, fragment: str = "", width: int = 1280, **options: Any) -> Any:
        path.write_text(html, "utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        page.goto(f"{path.as_uri()}{fragment}")
        return page

    open_it.problems = problems  # type: ignore[attr-defined]
    yield open_it
    for context in contexts:
        context.close()
    assert not problems
    assert {url.partition("#")[0] for url in requests} <= {path.as_uri()}


def shown(page: Any) -> list[str]:
    """The ids of the clauses that the filters let through."""
    found: list[str] = page.eval_on_selector_all(".clause:not([hidden]) .id", "links => links.map(link => link.textContent)")
    return found


def test_filters(open_page: Callable[..., Any], violating: Result) -> None:
    """Values of one group add up, groups narrow each other down, and the reset shows all."""
    page = open_page(render_html(violating))
    everything = [clause.id for clause in violating.clauses]
    assert shown(page) == everything
    page.get_by_label("violated", exact=True).check()
    assert shown(page) == [VIOLATED, "idempotency:lost-answer"]
    page.get_by_label("advice", exact=True).check()
    assert len(shown(page)) == 3
    page.get_by_label("docs", exact=True).check()
    assert shown(page) == ["idempotency:lost-answer"]
    assert page.locator("#shown").text_content() == "1 of 120 clauses shown"
    page.get_by_role("button", name="Show all").click()
    playwright.expect(page.locator("#shown")).to_have_text("120 of 120 clauses shown")
    assert shown(page) == everything


def test_search(open_page: Callable[..., Any], violating: Result) -> None:
    """Words in any order, in id, statement or source; sections without a match go."""
    page = open_page(render_html(violating))
    page.get_by_label("Search").fill("KEY idempotency:two")
    assert shown(page) == ["idempotency:two-keys"]
    assert page.locator(".matrix tbody:not([hidden])").count() == 1
    page.get_by_label("Search").fill("no such clause")
    assert shown(page) == []
    assert page.get_by_text("No clause matches the filters.").is_visible()


@pytest.mark.parametrize("clause", [VIOLATED, "response:/fields/*/value", "scope:required", "idempotency:replay"])
@pytest.mark.parametrize("form", ["raw", "encoded", "anchor"])
def test_deep_links(clause: str, form: str, open_page: Callable[..., Any], violating: Result) -> None:
    """A clause is found by its anchor and by its id, as written and percent-encoded."""
    encoded = "".join(f"%{byte:02X}" for byte in clause.encode())
    page = open_page(render_html(violating), "#" + {"raw": clause, "encoded": encoded, "anchor": slug(clause)}[form])
    target = page.locator(f"#{slug(clause)}")
    playwright.expect(target).to_be_focused()
    assert target.get_attribute("data-clause") == clause
    assert page.evaluate("location.hash") == f"#{slug(clause)}"
    box = target.bounding_box()
    assert -1 <= box["y"] < 900


def test_a_deep_link_wins_over_filters(open_page: Callable[..., Any], violating: Result) -> None:
    """A link to a clause that a filter hides shows it."""
    page = open_page(render_html(violating))
    page.get_by_label("violated", exact=True).check()
    assert not page.locator(f"#{slug('idempotency:replay')}").is_visible()
    page.evaluate("location.hash = '#idempotency:replay'")
    page.locator(f"#{slug('idempotency:replay')}").wait_for(state="visible")


def test_strange_fragments_do_no_harm(open_page: Callable[..., Any], violating: Result) -> None:
    """A link to nothing opens the top."""
    for fragment in ("#%", "#nowhere", "#%E0%A4%A", "#<script>"):
        assert open_page(render_html(violating), fragment).evaluate("scrollY") == 0


def test_copying(open_page: Callable[..., Any], violating: Result) -> None:
    """The button copies the command exactly, and says so to everybody."""
    page = open_page(render_html(violating), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Evidence").first.click()
    page.get_by_role("button", name="Copy the curl command").first.click()
    page.get_by_text("Copied", exact=True).wait_for()
    curl = next(finding.exchanges[-1].request.curl for finding in violating.findings if finding.clause == VIOLATED)
    assert page.evaluate("navigator.clipboard.readText()") == curl
    assert page.get_by_role("status").filter(has_text="curl").text_content() == "Copied: curl command"


def test_copying_the_old_way(open_page: Callable[..., Any], violating: Result) -> None:
    """Where the clipboard is not given to scripts, the older command is used."""
    page = open_page(render_html(violating))
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    page.get_by_text("Evidence").first.click()
    page.get_by_role("button", name="Copy the command to run just this").first.click()
    page.get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("window.copied").startswith("lightfield-contract run --base-url")


def test_keyboard(open_page: Callable[..., Any], violating: Result) -> None:
    """Everything can be done without a mouse."""
    page = open_page(render_html(violating))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the findings"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("a/b")
    assert page.locator("#search").input_value() == "a/b"
    page.locator("#search").fill("")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert len(shown(page)) == 2
    second = page.locator("#finding-2 details.finding")
    second.locator("> summary").focus()
    page.keyboard.press("Enter")
    assert second.get_attribute("open") is not None


def test_dark_mode(open_page: Callable[..., Any], violating: Result) -> None:
    """The page follows the reader's system."""
    background = "getComputedStyle(document.body).backgroundColor"
    light = open_page(render_html(violating), color_scheme="light").evaluate(background)
    dark = open_page(render_html(violating), color_scheme="dark").evaluate(background)
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(18, 22, 28)")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", ["violating", "hostile"])
def test_nothing_sticks_out(width: int, name: str, open_page: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    """No page is wider than its window."""
    result = request.getfixturevalue(name)
    for html in (render_html(result), render_comparison_html(compare([result, result])), render_matrix_html(MATRIX)):
        assert open_page(html, width=width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["conforming", "violating", "matrix"])
def test_a_picture_is_kept(
    width: int, name: str, open_page: Callable[..., Any], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """A person looks at it: in the folder that SCREENSHOTS names, else where pytest keeps its files."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    html = render_matrix_html(MATRIX) if name == "matrix" else render_html(request.getfixturevalue(name))
    picture = open_page(html, width=width).screenshot(full_page=True, path=folder / f"{name}-{width}.png")
    assert picture.startswith(b"\x89PNG")


def test_print(open_page: Callable[..., Any], violating: Result) -> None:
    """On paper everything is open, and controls are gone; afterwards it is as before."""
    page = open_page(render_html(violating))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert not page.locator("#filters").is_visible()
    assert not page.get_by_role("button").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


def test_without_script(open_page: Callable[..., Any], violating: Result) -> None:
    """A reader who allows no script sees all of it, and no control that would not work."""
    page = open_page(render_html(violating), java_script_enabled=False)
    assert page.locator(f"#{slug(VIOLATED)}").is_visible()
    assert page.get_by_role("button").count() == 0
    assert not page.locator("#search").is_visible()


@pytest.mark.parametrize("name", ["page", "comparison"])
def test_hostile_content_does_nothing(name: str, open_page: Callable[..., Any], hostile: Result, conforming: Result) -> None:
    """No script of a server's runs, no element of its is made; the fixture sees that nothing is loaded."""
    page = open_page(render_html(hostile) if name == "page" else render_comparison_html(compare([conforming, hostile])))
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, link').length") == 0
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.body.innerText").count("<script>window.pwned=1</script>") >= 3


def test_a_policy_stands_behind_the_escaping(open_page: Any, hostile: Result) -> None:
    """Even markup that got in could run nothing."""
    page = open_page(render_html(hostile).replace("</main>", "<script>window.pwned = 3</script></main>"))
    assert page.evaluate("window.pwned") is None
    (problem,) = open_page.problems
    assert "Content Security Policy" in problem
    open_page.problems.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["conforming", "violating", "hostile", "comparison", "matrix"])
def test_accessibility(
    name: str,
    width: int,
    scheme: str,
    open_page: Callable[..., Any],
    conforming: Result,
    violating: Result,
    request: pytest.FixtureRequest,
) -> None:
    """No rule of axe is broken, with every finding open."""
    if name == "comparison":
        html = render_comparison_html(compare([conforming, violating]))
    elif name == "matrix":
        html = render_matrix_html(MATRIX)
    else:
        html = render_html(request.getfixturevalue(name))
    page = open_page(html, width=width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    outcome = axe.Axe().run(page)
    assert outcome.violations_count == 0, outcome.generate_report()


def test_filters_of_a_comparison(open_page: Callable[..., Any], conforming: Result, violating: Result) -> None:
    """The clauses that changed can be shown alone."""
    page = open_page(render_comparison_html(compare([conforming, violating])))
    page.get_by_label("changed", exact=True).check()
    assert len(shown(page)) == 4


def test_filters_of_a_matrix(open_page: Callable[..., Any]) -> None:
    """The servers of one outcome can be shown alone, and are called servers."""
    page = open_page(render_matrix_html(MATRIX))
    page.get_by_label("false alarm").check()
    assert shown(page) == ["time=offset,family=422"]
    assert page.locator("#shown").inner_text() == "1 of 6 servers shown"


def test_a_large_report_opens(open_page: Callable[..., Any], large: Result) -> None:
    """10,000 exchanges and 400 findings are there, and filter."""
    page = open_page(render_html(large))
    before = len(shown(page))
    page.get_by_label("Search").fill("idempotency")
    assert 0 < len(shown(page)) < before


def test_a_run_without_anything(open_page: Callable[..., Any], conforming: Result) -> None:
    """A page without clauses has no error either."""
    empty = dataclasses.replace(conforming, clauses=(), timings=(), observations=())
    assert open_page(render_html(empty)).locator("h1").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_causes_are_on_the_first_screen(width: int, open_page: Callable[..., Any], violating: Result) -> None:
    """With all findings closed, a page is no longer than a reader scrolls."""
    page = open_page(render_html(violating), width=width)
    ends = page.eval_on_selector_all("header ol a", "links => links.map(link => link.getBoundingClientRect().bottom)")
    assert ends
    assert max(ends) < 900
    assert width < 1280 or page.evaluate("document.documentElement.scrollHeight") < 12_000

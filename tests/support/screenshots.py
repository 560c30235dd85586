"""The pictures in docs/pictures of pages of this project; `make generate` writes them where Chromium is installed.

They are of a real local stack, a real change of the program, and the stack `prod`.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from markdown_it import MarkdownIt
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.changed_program import commit_program, edit, git, leave_only
from tests.support.local_stack import LocalStackProcess
from tests.support.whole_program import ROOT
from toolkit.pipeline.dossier.build import gather
from toolkit.pipeline.dossier.rendering import comment
from toolkit.policy.compliance.page import as_page
from toolkit.policy.compliance.reports import reports_of
from toolkit.policy.pack import configured_pack

FOLDER = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1100, 800
SECONDS = 60
MARKS = {"🔴": "#cf222e", "🟠": "#bc4c00", "🟢": "#1a7f37"}
"""A machine without a font for emoji shows them as dots of the same colour."""
STYLE = (
    "body{font:15px system-ui,sans-serif;max-width:980px;margin:24px auto;color:#1f2328}"
    "table{border-collapse:collapse}td,th{border:1px solid #d0d7de;padding:4px 10px}"
    "code{background:#eff1f3;padding:1px 4px;border-radius:4px}pre{background:#f6f8fa;padding:12px}"
)


@contextmanager
def chromium() -> Iterator[Chrome]:
    """A headless browser that can reach nothing but this machine."""
    with tempfile.TemporaryDirectory() as profile:
        options = ChromeOptions()
        for argument in (
            "headless=new", "no-sandbox", "disable-gpu", "hide-scrollbars", f"window-size={WIDTH},{HEIGHT}",
            f"user-data-dir={profile}", "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ):  # fmt: skip
            options.add_argument(f"--{argument}")
        options.binary_location = str(shutil.which("chromium"))
        driver = Chrome(options=options, service=ChromeService(str(shutil.which("chromedriver"))))
        try:
            yield driver
        finally:
            driver.quit()


def take_screenshots(browser: Chrome, folder: Path, scratch: Path) -> None:
    """Write docs-page.png, dossier.png and compliance.png into a folder."""
    stack = LocalStackProcess(scratch / "local")
    try:
        stack.wait_until_ready()
        browser.get(f"{stack.url}/docs")
        WebDriverWait(browser, SECONDS).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".opblock"))
        browser.save_screenshot(str(folder / "docs-page.png"))
    finally:
        stack.stop()
    for name, html in (("dossier", dossier_page(scratch)), ("compliance", compliance_page())):
        page = scratch / f"{name}.html"
        page.write_text(html, encoding="utf-8")
        browser.get(page.as_uri())
        browser.save_screenshot(str(folder / f"{name}.png"))


def dossier_page(scratch: Path) -> str:
    """Return the comment on a change that removes a route and raises the memory of prod, as HTML."""
    root = scratch / "program"
    root.mkdir()
    commit_program(root)
    leave_only(root, "prod")
    git(root, "commit", "--quiet", "--all", "--message", "prod alone")
    edit(root, "Pulumi.prod.yaml", "memory-mb: 512", "memory-mb: 640")
    edit(root, "api/definition.py", '        Route(f"GET {CALLER}"),\n', "")
    text = comment(gather(configured_pack(), root, "main", scratch / "previews", lambda _: None), scratch / "previews")
    shown = text.partition("```mermaid")[0]
    for emoji, colour in MARKS.items():
        shown = shown.replace(emoji, f'<span style="color:{colour}">⬤</span>')
    return f"<style>{STYLE}</style>{MarkdownIt('commonmark', {'html': True}).enable('table').render(shown)}"


def compliance_page() -> str:
    """Return the compliance report of prod, as HTML."""
    ((_, report),) = reports_of(configured_pack(), ["prod"], ROOT)
    return as_page(report)


def main() -> int:
    """Write the pictures; say what is missing where there is no Chromium."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("The screenshots stay as they are: chromium and chromedriver are not on PATH.", file=sys.stderr)  # noqa: T201 - output of a command
        return 0
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        take_screenshots(browser, FOLDER, Path(scratch))
    return 0


if __name__ == "__main__":
    sys.exit(main())

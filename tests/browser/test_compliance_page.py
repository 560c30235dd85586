"""The compliance report as people see it: on a phone, in the dark, on paper."""

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.support.reports import FUNCTION, KEY, report, resource, waiver
from toolkit.policy.compliance.page import as_page
from toolkit.stacks.inputs import UNKNOWN

ENOUGH = 4.5
"""WCAG 2.2, level AA, for text."""
CONTRASTS = """
const canvas = document.createElement('canvas').getContext('2d');
const light = css => {
  canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = element => {
  for (let one = element; one; one = one.parentElement) {
    const found = getComputedStyle(one).backgroundColor;
    if (found !== 'rgba(0, 0, 0, 0)') return found;
  }
};
const bad = {};
for (const element of document.querySelectorAll('h1, h2, p, dt, dd, th, td, td *')) {
  if (!element.textContent.trim()) continue;
  const pair = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
  const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
  if (contrast < arguments[0]) bad[element.className || element.tagName] = contrast;
}
return bad;
"""


@pytest.fixture
def page(browser: Chrome, tmp_path: Path) -> Chrome:
    """A report with every verdict in it."""
    waived = resource(KEY, "waived")
    found = report(
        resource(FUNCTION, "a-function-with-a-name-that-is-longer-than-a-phone-is-wide-" * 3, timeout=900),
        resource(KEY, "unsure", enableKeyRotation=UNKNOWN),
        waived,
        waivers=(waiver("kms-rotation", waived),),
    )
    file = tmp_path / "report.html"
    file.write_text(as_page(found), encoding="utf-8")
    browser.get(file.as_uri())
    return browser


def tell(browser: Chrome, command: str, **options: Any) -> None:
    browser.execute_cdp_cmd(command, options)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(page: Chrome, scheme: str) -> None:
    tell(page, "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    assert page.execute_script(CONTRASTS, ENOUGH) == {}


def test_a_phone_need_not_be_scrolled_sideways(page: Chrome) -> None:
    tell(page, "Emulation.setDeviceMetricsOverride", width=360, height=800, deviceScaleFactor=1, mobile=True)
    widths = page.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert widths == [360, 360]


def test_on_paper_however_small_a_tables_head_is_on_every_page(page: Chrome) -> None:
    tell(page, "Emulation.setDeviceMetricsOverride", width=360, height=800, deviceScaleFactor=1, mobile=False)
    tell(page, "Emulation.setEmulatedMedia", media="print")
    script = "return [...document.querySelectorAll('thead')].map(head => getComputedStyle(head).display)"
    heads = page.execute_script(script)
    assert set(heads) == {"table-header-group"}


def test_at_800_pixels_nothing_is_cut_off(page: Chrome) -> None:
    tell(page, "Emulation.setDeviceMetricsOverride", width=800, height=1000, deviceScaleFactor=1, mobile=False)
    content, shown, window = page.execute_script(
        "const root = document.documentElement; return [root.scrollWidth, root.clientWidth, innerWidth]"
    )
    assert (content, window) == (shown, 800)  # a scroll bar takes its part of the window


def test_the_first_screen_says_whether_an_auditor_may_see_it(page: Chrome) -> None:
    tell(page, "Emulation.setDeviceMetricsOverride", width=800, height=600, deviceScaleFactor=1, mobile=False)
    answer = page.find_element(By.CSS_SELECTOR, ".question")
    assert answer.text.startswith("May I show this to an auditor? ")
    assert page.execute_script("return arguments[0].getBoundingClientRect().bottom < innerHeight", answer)


def test_a_choice_by_keyboard_shows_one_verdict_alone(page: Chrome) -> None:
    rows = "[...document.querySelectorAll('tbody tr')].filter(row => row.offsetParent)"
    shown = f"return [...new Set({rows}.map(row => row.className))]"
    assert len(page.execute_script(shown)) > 1
    page.find_element(By.ID, "show-all").send_keys(Keys.ARROW_RIGHT)
    assert page.execute_script(shown) == ["is-fail"]
    tell(page, "Emulation.setEmulatedMedia", media="print")
    assert len(page.execute_script(shown)) > 1  # paper has all


def test_every_entry_of_the_contents_leads_to_its_section(page: Chrome) -> None:
    leads = "a => document.querySelector(a.hash)?.textContent === a.textContent"
    script = f"return [...document.querySelectorAll('nav a')].map({leads})"
    assert set(page.execute_script(script)) == {True}

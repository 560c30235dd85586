"""The compliance report as people see it: on a phone, in the dark, on paper."""

from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

from policies.compliance.page import as_page
from policies.facts import UNKNOWN
from tests.support.reports import FUNCTION, KEY, report, resource, waiver

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

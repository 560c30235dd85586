"""The pictures of the README can be produced."""

from pathlib import Path

from selenium.webdriver import Chrome

from tests.support.screenshots import FOLDER, take_screenshots

LEAST_BYTES = 20_000
"""A page without content is smaller."""


def test_every_screenshot_is_produced(browser: Chrome, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    take_screenshots(browser, tmp_path / "pictures", tmp_path)
    produced = {picture.name for picture in (tmp_path / "pictures").iterdir() if picture.stat().st_size > LEAST_BYTES}
    assert produced == {picture.name for picture in FOLDER.glob("*.png")}

"""A real browser that can reach nothing but this machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    for argument in (
        "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "window-size=1280,1600",
        "disable-background-networking", "disable-component-update", "disable-sync", f"user-data-dir={tmp_path}",
        "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):  # fmt: skip
        options.add_argument(f"--{argument}")
    options.binary_location = required("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(required("chromedriver")))
    yield driver
    driver.quit()


def required(program: str) -> str:
    path = shutil.which(program)
    assert path, (
        f"{program} is not on PATH: install Chromium and its driver, e.g. `apt-get install chromium chromium-driver`"
    )
    return path

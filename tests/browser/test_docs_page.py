"""The documentation page in a real browser that can reach nothing but this machine."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expect
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.local_stack import LocalStackProcess
from toolkit.localcloud.sign_in.user_pool import LOCAL_PASSWORD

SECONDS = 20
CALLER = "[id^='operations-information-read_caller']"
"""The operation of GET /api/v1/me on the page."""
REDOC_ADVERT = "https://cdn.redoc.ly/redoc/logo-mini.svg"
"""In ReDoc's footer; the page's policy keeps the browser from fetching it."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStackProcess]:
    process = LocalStackProcess(tmp_path_factory.mktemp("local"))
    process.wait_until_ready()
    yield process
    process.stop()


def find(browser: Chrome, selector: str) -> WebElement:
    return WebDriverWait(browser, SECONDS).until(expect.element_to_be_clickable((By.CSS_SELECTOR, selector)))


def console_errors(browser: Chrome) -> list[str]:
    messages = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call] # selenium leaves it untyped
    return [message for message in messages if REDOC_ADVERT not in message]


def sign_in_through_authorize(browser: Chrome) -> None:
    find(browser, "button.authorize").click()
    for box in browser.find_elements(By.CSS_SELECTOR, ".dialog-ux .scopes input[type=checkbox]"):
        browser.execute_script("arguments[0].click()", box)
    page = browser.current_window_handle
    find(browser, ".dialog-ux .auth-btn-wrapper button.authorize").click()
    WebDriverWait(browser, SECONDS).until(expect.number_of_windows_to_be(2))
    browser.switch_to.window(next(handle for handle in browser.window_handles if handle != page))
    find(browser, "input[name=username]").send_keys("demo@example.com")
    find(browser, "input[name=password]").send_keys(LOCAL_PASSWORD)
    find(browser, "button[type=submit]").click()
    WebDriverWait(browser, SECONDS).until(expect.number_of_windows_to_be(1))
    browser.switch_to.window(page)
    find(browser, ".dialog-ux .btn-done").click()


def test_a_person_signs_in_on_the_docs_page_and_calls_the_api(stack: LocalStackProcess, browser: Chrome) -> None:
    browser.get(f"{stack.url}/docs")
    sign_in_through_authorize(browser)
    find(browser, f"{CALLER} .opblock-summary-control").click()
    find(browser, f"{CALLER} .try-out__btn").click()
    find(browser, f"{CALLER} .execute").click()
    status = find(browser, f"{CALLER} .live-responses-table .response .response-col_status")
    assert status.text.split()[0] == "200"
    assert console_errors(browser) == []


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_docs_page_needs_nothing_from_elsewhere(stack: LocalStackProcess, browser: Chrome, path: str) -> None:
    browser.get(f"{stack.url}{path}")
    WebDriverWait(browser, SECONDS).until(lambda page: "List Items" in page.find_element(By.TAG_NAME, "body").text)
    assert console_errors(browser) == []

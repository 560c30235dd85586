"""The price list: its format, its prices by region, and the errors of a wrong one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.pack import PACK
from policies.rules.ec2 import no_nat_gateway
from tests.support.policy_servicer import Subject
from tests.support.priced import expected, priced, service
from toolkit.cost.demand import Quantity
from toolkit.cost.meter import Meter
from toolkit.cost.prices import FILE, PriceFileError, PriceList, list_prices, load_prices
from toolkit.resource_types.cloudwatch import DASHBOARD
from toolkit.resource_types.kms import KEY

SMALL = """
dated: 2026-11-20
sources: {AP: {what: the page of prices, url: "https://example.com/prices", read: 2026-11-20}}
prices:
  keys: {unit: keys, regions: {us-east-1: {price: 1.0, source: [AP], certainty: one-source}}}
free: [{what: keys, amount: 1, granted: always, items: [keys]}]
"""


@pytest.mark.parametrize(
    ("replaced", "by", "sentence"),
    [
        ("price: 1.0", "price: -1.0", "regions.us-east-1.price is -1: it should be greater than or equal to 0."),
        ("unit: keys", "unit: bananas", "prices.keys.unit is 'bananas': it should be 'requests'"),
        ("certainty: one-source", "certainty: sure", "certainty is 'sure'"),
        ("source: [AP]", "source: [IG]", "the source 'IG' is not among the sources."),
        ("items: [keys]", "items: [locks]", "the free tier of 'locks' has no price."),
        ("us-east-1", "eu-west-1", "give a figure for us-east-1 or for everywhere."),
        ("unit: keys, ", "", "prices.keys.unit is missing."),
        ("unit: keys, ", "unit: keys, colour: red, ", "unknown key prices.keys.colour"),
        ("dated: 2026-11-20", "dated: lately", "dated is 'lately'"),
        ("read: 2026-11-20", "read: lately", "sources.AP.read is 'lately'"),
        ("https://example.com/prices", "a page", "sources.AP.url is 'a page'"),
        ("price: 1.0", "tiers: [{price: 1.0, up-to: 5}]", "let up-to rise from tier to tier"),
        ("price: 1.0", "tiers: [{price: 1.0, up-to: 9}, {price: 2.0, up-to: 5}, {price: 1.0}]", "let up-to rise"),
        ("price: 1.0, ", "", "give either a price or tiers."),
        ("price: 1.0", "price: .nan", "'.nan' is not a number that JSON has"),
        (SMALL, "[", "prices.yaml, line 2: "),
        (SMALL, "a list of prices", "prices.yaml: it is 'a list of prices'"),
    ],
)
def test_wrong_price_file_is_refused_in_one_sentence(replaced: str, by: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(SMALL.replace(replaced, by))

    with pytest.raises(PriceFileError) as refusal:
        load_prices(file)

    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("prices.yaml")
    assert "\n" not in str(refusal.value)


def test_missing_price_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PriceFileError, match=r"prices.yaml cannot be read: No such file or directory\.$"):
        load_prices(tmp_path / "prices.yaml")


def test_every_price_has_a_source_and_every_source_is_used() -> None:
    document: Any = yaml.safe_load(FILE.read_text())
    named = {s for row in document["prices"].values() for one in row["regions"].values() for s in one["source"]}

    assert named == set(document["sources"])


def test_every_source_has_an_address_and_a_date_before_that_of_the_list() -> None:
    prices = list_prices()

    assert all(source.read <= prices.dated for source in prices.sources.values())


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_region_of_the_stacks_has_its_own_prices(region: str) -> None:
    prices = list_prices()

    assert [item for item in prices.prices if "for want of" in prices.quote(item, region).assumption] == []


def test_each_price_is_read_in_each_of_its_regions() -> None:
    prices = list_prices()
    for item, row in prices.prices.items():
        for region, figure in row.regions.items():
            quote = prices.quote(item, region)
            assert (quote.steps, quote.source, quote.assumption) == (figure.steps, figure.source, figure.assumes)


def test_nat_gateway_has_the_same_price_in_every_region(root: Path) -> None:
    dollars = f"{round(730 * list_prices().quote('nat-gateways', 'eu-central-1').steps[0].price)}"

    assert any(f"costs {dollars} dollars a month (in eu-central-1)" in check for check in no_nat_gateway.checks)
    assert any(f"${dollars} a month (in eu-central-1)" in one.reason for one in PACK.controls.declined)
    assert f"{dollars} USD a month in eu-central-1" in (
        root / "docs" / "adr" / "0005-no-container-image-no-vpc.md"
    ).read_text(encoding="utf-8")


def test_region_with_its_own_price_is_priced_by_it() -> None:
    one = priced(*service(), region="eu-central-1", requests=1_000_000)

    (line,) = [line for line in one.lines if line.item == "http-api-requests"]
    assert line.expected == pytest.approx(1.20)
    assert line.assumption == ""


def test_region_without_its_own_price_has_that_of_us_east_1_and_a_note() -> None:
    one = priced(*service(None, {"architectures": ["arm64"]}), region="eu-south-2", requests=1_000_000, duration_ms=10)

    assert {line.assumption for line in one.lines if line.item == "lambda-arm64"} == {
        "the price of us-east-1, for want of one of eu-south-2"
    }


def test_resource_in_another_region_has_the_prices_of_that_region() -> None:
    *others, logs = service()
    abroad = Subject(logs.type, {**logs.properties, "region": "eu-west-1"}, "logs")
    one = priced(*others, abroad, requests=1_000_000, log_bytes_per_request=1_073.741824)

    assert expected(one, "logs-vended") == pytest.approx(0.57)


def test_price_tiers_are_shared_by_all_resources() -> None:
    meter = Meter(list_prices(), "none")
    parts = [meter.charge("http-api-requests", "us-east-1", Quantity(200_000_000, "")).usd for _ in range(2)]

    assert parts == [pytest.approx(200.0), pytest.approx(190.0)]  # 100 M of the second are beyond 300 M


@pytest.mark.parametrize(
    ("kind", "requests", "api"), [("none", 0.40, 2.00), ("credits", 0.20, 2.00), ("legacy-12m", 0.20, 1.00)]
)
def test_free_tier_depends_on_the_kind_of_account(kind: Any, requests: float, api: float) -> None:
    one = priced(*service(), requests=2_000_000, account_kind=kind)

    assert expected(one, "lambda-requests") == pytest.approx(requests)
    assert expected(one, "http-api-requests") == pytest.approx(api)


def test_free_tier_is_shared_by_all_its_resources_and_items() -> None:
    dashboards = priced(*(Subject(DASHBOARD, {}, f"page-{n}") for n in range(4)), account_kind="credits")
    # 5 GB in all: 3 GB taken and 2.96 GB kept (30 of 30.4 days), so 0.96 GB are paid, as storage
    logs = priced(*service(), account_kind="credits", requests=1_000_000, log_bytes_per_request=3 * 1_073.741824)

    assert [line.expected for line in dashboards.lines] == [0, 0, 0, 3.0]
    assert expected(logs, "logs-vended") == 0
    assert expected(logs, "logs-storage") == pytest.approx((3 * 30 / 30.4 - 2) * 0.03)


def test_formula_contains_the_free_tier() -> None:
    one = priced(*service(), requests=2_000_000, account_kind="credits")

    (line,) = [line for line in one.lines if line.item == "lambda-requests"]
    assert line.formula == "2,000,000 requests - 1,000,000 free: 1,000,000 requests × $0.20 per 1,000,000"


def test_line_has_the_formula_source_and_certainty_of_its_price() -> None:
    one = priced(Subject(KEY, {}, "key"))

    assert (one.lines[0].formula, one.lines[0].source, one.lines[0].certainty) == (
        "1 key × $1.00",
        ("IG", "WEB"),
        "two-sources",
    )


def test_list_of_the_project_is_read_once() -> None:
    assert list_prices() is list_prices()
    assert isinstance(list_prices(), PriceList)

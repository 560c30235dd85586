"""The toolkit knows AWS, Pulumi and GitHub, and nothing of this service: neither its nouns nor its policy rules."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.pack import PACK

ROOT = Path(__file__).resolve().parent.parent
SERVICE_NOUNS = re.compile(r'/items|items-api|item[_-]table|"items"|attachments|cursor-key|/sessions')
"""The service's name, its table, its routes and its secret; IAM's `ATTACHMENTS` and a mapping's `.items()` differ."""
ALLOWED = {
    ("toolkit/localcloud/aws/patches/apigatewayv2.py", '"items"'): "a field of API Gateway's GetAuthorizers response",
    ("toolkit/localcloud/provider/cloudfront.py", '"items"'): "the elements of CloudFront's AllowedMethods",
    ("toolkit/pipeline/dossier/openapi_schemas.py", '"items"'): "the JSON Schema keyword of an array's elements",
}
"""Vendors' names that are spelled like a noun of the service: by file and text, whose name it is."""
ALLOWED_RULE_NAMES = {("toolkit/cost/prices.yaml", "lambda-arm64"): "a price of Lambda"}
"""Other names that are spelled like a rule."""


def nouns_in(text: str) -> set[str]:
    return set(SERVICE_NOUNS.findall(text))


def toolkit_files() -> Iterator[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "toolkit"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return (ROOT / name for name in listing.stdout.split("\0") if (ROOT / name).is_file())


def test_toolkit_names_no_noun_of_this_service() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), noun)
        for path in toolkit_files()
        for noun in nouns_in(f"{path.relative_to(ROOT)}\n{path.read_bytes().decode(errors='replace')}")
    }
    assert found == set(ALLOWED)


def test_toolkit_names_no_rule_of_the_pack() -> None:
    names = "|".join(re.escape(rule.name) for rule in (*PACK.rules, *PACK.conditions))
    rule = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in toolkit_files()
        for name in rule.findall(path.read_bytes().decode(errors="replace"))
    }
    assert found == set(ALLOWED_RULE_NAMES)


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ('url = f"{base}/api/v1/items/{item_id}"', {"/items"}),
        ("pulumi config set --secret cursor-key", {"cursor-key"}),
        ('graph.named("item-table"), "/sessions/current"', {"item-table", "/sessions"}),
        ('for key, value in values.items(): client.get_routes()["Items"]', set()),
        ("ATTACHMENTS = (ROLE_ATTACHMENT,)", set()),
    ],
)
def test_only_nouns_of_the_service_are_found(text: str, nouns: set[str]) -> None:
    assert nouns_in(text) == nouns

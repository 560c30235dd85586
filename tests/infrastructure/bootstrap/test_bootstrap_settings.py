"""Invalid settings of an account are rejected with one sentence each."""

import json
from typing import Any

import pytest
import yaml

from tests.support.accounts import BOOTSTRAP
from toolkit.stacks import EvaluationError, evaluate

KEY = "items-api-bootstrap:settings"


def refusal(account: str = "prod", **changes: Any) -> str:
    """Return the errors of an account's settings with these changes."""
    written = yaml.safe_load((BOOTSTRAP / f"Pulumi.{account}.yaml").read_text())["config"][KEY]
    with pytest.raises(EvaluationError) as caught:
        evaluate(account, root=BOOTSTRAP, config={KEY: json.dumps({**written, **changes})})
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"colour": "red"},
            "unknown key colour; infrastructure/bootstrap/settings.py lists the known ones.",
        ),
        ({"stacks": []}, "stacks must name one or more, none of them twice: each has one deploy role."),
        ({"stacks": ["prod", "prod"]}, "stacks must name one or more, none of them twice: each has one deploy role."),
        (
            {"stacks": ["bootstrap"]},
            "stacks must not name bootstrap: the names of the bootstrap's resources begin with it.",
        ),
        (
            {"stacks": ["prod", "prod-eu"]},
            (
                "stacks names prod and prod-eu: the role of prod may change every resource whose name begins with "
                "items-api-prod-; rename one, or give it another account."
            ),
        ),
        ({"stacks": ["Prod"]}, "stacks.0 is 'Prod': it should match pattern '^[a-z][a-z0-9-]{0,19}$'."),
        (
            {"account-id": 333333333333},
            'account-id is 333333333333: an AWS account id is twelve digits in quotes, such as "123456789012".',
        ),
        (
            {"previews-read-secrets": True},
            "previews-read-secrets must be off beside prod: the code of a pull request is not reviewed.",
        ),
        (
            {"reviews": True},
            "stacks must be empty with reviews: pull requests' stacks have their own account.",
        ),
        (
            {"reviews": True, "stacks": [], "previews-read-secrets": True},
            "previews-read-secrets must be off with reviews: no stack of the account is previewed.",
        ),
        ({"trail-retention-days": 30}, "trail-retention-days must be 90 or more beside prod."),
        ({"branch": "*"}, "branch is '*': it should match pattern '^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$'."),
        (
            {"repository": {"owner": "example", "owner-id": 1, "name": "*", "id": 2}},
            "repository.name is '*': it should match pattern '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'.",
        ),
        ({"repository": {"owner": "example", "owner-id": 1, "name": "items-api"}}, "repository.id is missing."),
        ({"github-provider": "import"}, "github-provider is 'import': it should be 'create' or 'existing'."),
    ],
)
def test_invalid_setting_is_rejected_with_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert refusal(**changes) == f"Pulumi.prod.yaml: {sentence}"


def test_all_invalid_settings_are_reported_at_once() -> None:
    assert len(refusal(owner="", colour="red").splitlines()) == 2


def test_settings_that_are_not_an_object_are_rejected_with_a_sentence() -> None:
    with pytest.raises(
        EvaluationError, match=r"^Pulumi\.prod\.yaml: items-api-bootstrap:settings is \[\]: it should be"
    ):
        evaluate("prod", root=BOOTSTRAP, config={KEY: "[]"})

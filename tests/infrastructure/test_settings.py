"""The settings accept valid stacks, and reject each invalid value with one sentence."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from api.definition import FUNCTIONS, SECRETS, Function, Parameter
from api.settings import Settings as ApiSettings
from infrastructure.settings import capacity
from infrastructure.settings import stack as stack_settings
from infrastructure.settings.local import local_settings
from infrastructure.settings.stack import StackSettings
from infrastructure.settings.variables import OWN_VARIABLES, RESERVED_PREFIXES
from tests.support import stacks
from tests.support.stacks import configured, only
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import EvaluationError, evaluate
from toolkit.stacks.errors import sentences
from toolkit.stacks.inputs import inputs_of
from toolkit.stacks.settings import load_stack_file

STACKS = ("local", "dev", "staging", "prod")
ROOT = Path(__file__).resolve().parents[2]


def written(stack: str) -> dict[str, Any]:
    """The settings of a stack as its file has them."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"][
        "items-api:settings"
    ]
    return settings


def changed(stack: str, path: str, value: Any) -> dict[str, Any]:
    """The same with one value set, or taken out where it is `...`."""
    settings = copy.deepcopy(written(stack))
    *groups, key = path.split(".")
    group = settings
    for name in groups:
        group = group.setdefault(name, {})
    if value is ...:
        del group[key]
    else:
        group[key] = value
    return settings


def settings_errors(settings: object) -> list[str]:
    """Return the errors of these settings."""
    try:
        StackSettings.model_validate_json(json.dumps(settings))
    except ValidationError as error:
        return sentences("F", error, key="items-api:settings", schema="docs/settings.schema.json")
    return []


@pytest.mark.parametrize("path", sorted(ROOT.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def test_every_stack_file_is_accepted(path: Path) -> None:
    assert settings_errors(written(path.name.split(".")[1])) == []


def test_every_stack_file_sets_runtime_architecture_and_account() -> None:
    for stack in STACKS:
        settings = written(stack)
        assert {"runtime", "architecture"} <= settings["function"].keys()
        assert settings["environment"] == stack
    assert len({written(stack)["account-id"] for stack in STACKS}) == len(STACKS)


def leaves(settings: dict[str, Any], where: str = "") -> dict[str, Any]:
    """Every setting by its path."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        found |= leaves(value, f"{where}{name}.") if isinstance(value, dict) else {f"{where}{name}": value}
    return found


def test_staging_differs_from_prod_only_in_size() -> None:
    staging, prod = (
        leaves(StackSettings.model_validate_json(json.dumps(written(stack))).model_dump(mode="json"))
        for stack in ("staging", "prod")
    )

    differing = {name for name in prod if staging[name] != prod[name]}
    own = {"environment", "account_id", "alarms.email", "budget.email", "api.cors_origins"}
    assert differing - own - {"sign_in.callback_urls", "sign_in.logout_urls"} == {
        *("data.max_reads_per_second", "data.max_writes_per_second", "data.old_attachment_days"),
        *("function.reserved_concurrency", "function.log_retention_days", "api.access_log_retention_days"),
        *("api.requests_per_second", "api.burst_requests", "api.caller_requests_per_minute", "budget.monthly_usd"),
        "api.public_burst_requests",
    }
    numbers = [name for name, value in prod.items() if type(value) is int]
    assert all(staging[name] <= prod[name] for name in numbers)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("colour", "red", "F: unknown key colour; docs/settings.schema.json lists the known ones."),
        ("function.timeout_seconds", 5, "F: unknown key function.timeout_seconds;"),
        (
            "api.upstreams.Bad Name",
            "https://a.example",
            "F: api.upstreams.Bad Name.[key] is 'Bad Name': the name of an upstream has up to 31 of a-z",
        ),
        ("owner", ..., "F: owner is missing."),
        ("budget", ..., "F: budget is missing."),
        ("function.runtime", ..., "F: function.runtime is missing."),
        ("function.runtime", "python3.9", "F: function.runtime is 'python3.9': it should be 'python3.12',"),
        ("function.timeout-seconds", 30, "F: function.timeout-seconds is 30: it should be less than or equal to 29."),
        ("function.timeout-seconds", "10", "F: function.timeout-seconds is '10': it should be a valid integer."),
        ("function.timeout-seconds", True, "F: function.timeout-seconds is True: it should be a valid integer."),
        ("function.reserved-concurrency", 0, "F: function.reserved-concurrency is 0: it should be greater than or"),
        ("function.memory-mb", 127, "F: function.memory-mb is 127: it should be greater than or equal to 128."),
        ("function.memory-mb", 10_241, "F: function.memory-mb is 10241: it should be less than or equal to 10240."),
        ("function.log-retention-days", 8, "F: function.log-retention-days is 8: it should be 1, 3, 5,"),
        ("function.start-mode", "provisioned", "F: function: start-mode provisioned and provisioned-concurrency go"),
        ("function.provisioned-concurrency", 2, "F: function: start-mode provisioned and provisioned-concurrency go"),
        ("function.log-retention-days", True, "F: function.log-retention-days is True: it must be a number of days"),
        ("account-id", 111111111111, "F: account-id is 111111111111: an AWS account id is twelve digits in quotes"),
        ("account-id", "12345678901", "F: account-id is '12345678901': an AWS account id is twelve digits"),
        ("account-id", chr(0x661) * 12, f"F: account-id is {chr(0x661) * 12!r}: an AWS account id is twelve digits"),
        ("alarms.email", "team", "F: alarms.email is 'team': this is not an e-mail address such as"),
        ("budget.email", "a@b@c.example", "F: budget.email is 'a@b@c.example': this is not an e-mail address"),
        ("budget.monthly-usd", 0, "F: budget.monthly-usd is 0: it should be greater than or equal to 1."),
        ("api.requests-per-second", 0, "F: api.requests-per-second is 0: it should be greater than or equal to 1."),
        ("api.burst-requests", 0, "F: api.burst-requests is 0: it should be greater than or equal to 1."),
        ("api.cors-origins", ["https://a.example/"], "F: api.cors-origins.0 is 'https://a.example/': an origin is a"),
        ("api.cors-origins", ["a.example"], "F: api.cors-origins.0 is 'a.example': an origin is a"),
        ("api.cors-origins", ["https://*"], "F: api.cors-origins.0 is 'https://*': an origin is a"),
        ("api.cors-origins", ["https://*.b.example"], "F: api.cors-origins.0 is 'https://*.b.example': an origin is a"),
        ("api.cors-origins", ["https://A.example"], "F: api.cors-origins.0 is 'https://A.example': an origin is a"),
        ("api.cors-origins", ["https://a.example:443"], "F: api.cors-origins.0 is 'https://a.example:443': an origin"),
        ("api.cors-origins", ["http://a.example:80"], "F: api.cors-origins.0 is 'http://a.example:80': an origin is a"),
        *(
            ("api.upstreams.users", url, f"F: api.upstreams.users is '{url}': a URL is http:// or https:// and a host")
            for url in (
                *("ftp://a.example", "https://a.example/{b}", "https://a..example", "https://a.example:70000"),
                *("https://a.example:b", "https://a.example?b", "https://a.example#b", "https://[::1"),
            )
        ),
        (
            "api.upstreams.users",
            "https://me:pw@a.example",
            "F: api.upstreams.users is 'https://***@a.example': a URL in a stack file must not have a user name",
        ),
        *(
            ("api.upstream-token-header", name, f"F: api.upstream-token-header is '{name}': a token header begins")
            for name in ("authorization", "x-amzn-token", "x-forwarded-token", "X-Token", "x-", "x-a:b")
        ),
        ("sign-in.callback-urls", ["my-app://a"], "F: sign-in.callback-urls.0 is 'my-app://a': a URL is http://"),
        ("sign-in.callback-urls", [], "F: sign-in.callback-urls is []: it should have at least 1 item"),
        ("sign-in.mfa", False, "F: sign-in.mfa is False: it should be 'required', 'optional' or 'none'."),
        ("sign-in.password-min-length", 8, "F: sign-in.password-min-length is 8: it should be greater than or equal"),
        ("sign-in.access-token-minutes", 61, "F: sign-in.access-token-minutes is 61: it should be less than or equal"),
        ("sign-in.domain-prefix", "Items", "F: sign-in.domain-prefix is 'Items': a domain prefix has up to 63"),
        ("sign-in.domain-prefix", "my-aws", "F: sign-in.domain-prefix is 'my-aws': a domain prefix has up to 63"),
        ("owner", "ä", "F: owner is 'ä': a tag has up to 128 letters"),
        ("owner", "a\n", "F: owner is 'a\\n': a tag has up to 128 letters"),
        ("permissions-boundary", "a b", "F: permissions-boundary is 'a b': a policy name has up to 128"),
        ("domain", {"name": "example", "zone-id": "Z1234"}, "F: domain.name is 'example': a host name has up to 57"),
        (
            "domain",
            {"name": "a.example", "zone-id": "z"},
            "F: domain.zone-id is 'z': a hosted zone id has 5 to 32 capital",
        ),
        ("domain", {"name": f"{'a' * 50}.example", "zone-id": "Z1234"}, f"F: domain.name is '{'a' * 50}.example': a"),
        ("function.reserved-concurrency", 901, "F: function.reserved-concurrency is 901: it should be less than or"),
        ("function", None, "F: function is None: it should be an object."),
        ("data.deletion-protection", "no", "F: data.deletion-protection is 'no': it should be a valid boolean."),
    ],
)
def test_invalid_setting_is_rejected_with_one_sentence(path: str, value: object, sentence: str) -> None:
    errors = settings_errors(changed("dev", path, value))

    assert [line[: len(sentence)] for line in errors] == [sentence]


ON_AWS, KEEPING_DATA, PROD = ("dev", "staging", "prod"), ("staging", "prod"), ("prod",)


@pytest.mark.parametrize(
    ("path", "value", "refused_in", "sentence"),
    [
        ("function.runtime", "host", ON_AWS, "must set function.runtime and function.architecture to values"),
        ("function.architecture", "host", ON_AWS, "must set function.runtime and function.architecture to values"),
        ("sign-in.base-url", "https://sign-in.example", ON_AWS, "must not set sign-in.base-url"),
        ("api.upstreams", {"users": "http://u.example"}, ON_AWS, "must reach the upstream users over https://"),
        ("api.docs-assets-url", "/_local/docs", ON_AWS, "must load api.docs-assets-url over https://"),
        ("data.deletion-protection", False, KEEPING_DATA, "must keep data.deletion-protection on"),
        ("data.point-in-time-recovery", False, KEEPING_DATA, "must keep data.point-in-time-recovery on"),
        ("log-key", False, KEEPING_DATA, "must keep log-key on"),
        ("sign-in.password-flow", True, KEEPING_DATA, "must keep sign-in.password-flow off"),
        ("function.log-level", "DEBUG", KEEPING_DATA, "must not set function.log-level to DEBUG"),
        ("api.cors-origins", ["*"], KEEPING_DATA, "must list its api.cors-origins"),
        ("api.cors-origins", ["http://a.example"], KEEPING_DATA, "must use https:// for http://a.example"),
        ("sign-in.callback-urls", ["http://localhost/"], KEEPING_DATA, "must use https:// for http://localhost"),
        ("sign-in.callback-urls", ["http://a.example/in"], ON_AWS, "must use https:// for http://a.example/in"),
        (
            "sign-in.logout-urls",
            ["http://127.0.0.1:3000/"],
            ON_AWS,
            "must use https:// for http://127.0.0.1:3000/",
        ),
        ("sign-in.mfa", "optional", PROD, "must keep sign-in.mfa required"),
        ("sign-in.password-min-length", 13, PROD, "must set sign-in.password-min-length to 14 or more"),
        ("api.caller-requests-per-minute", 0, PROD, "must set api.caller-requests-per-minute to 1 or more"),
        ("delivery", "all-at-once", PROD, "must keep delivery canary"),
        ("function.runtime", "python3.13", ("local",), "must keep function.runtime and function.architecture at host"),
        ("function.architecture", "arm64", ("local",), "must keep function.runtime and function.architecture at host"),
        ("delivery", "canary", ("local",), "must keep delivery all-at-once: the embedded AWS"),
        ("function.log-retention-days", 14, PROD, "must keep logs for 30 days or more"),
        ("api.access-log-retention-days", 14, PROD, "must keep logs for 30 days or more"),
    ],
)
def test_unsafe_setting_is_rejected_in_its_environments(
    path: str, value: object, refused_in: tuple[str, ...], sentence: str
) -> None:
    for stack in STACKS:
        errors = settings_errors(changed(stack, path, value))
        expected = [f"F: {stack} {sentence}"] if stack in refused_in else []
        assert [line[: len(f"F: {stack} {sentence}")] for line in errors] == expected, stack


@pytest.mark.parametrize("stack", KEEPING_DATA)
def test_public_documentation_is_rejected_where_data_is_kept(stack: str) -> None:
    settings = changed(stack, "api.docs-enabled", True)
    settings["api"] |= {"public-burst-requests": 9}

    assert settings_errors(settings)[0].startswith(f"F: {stack} must keep api.docs-enabled off")


def test_each_unsafe_setting_has_a_separate_sentence() -> None:
    settings = changed("prod", "data.deletion-protection", False)
    settings["sign-in"]["mfa"] = "none"

    assert settings_errors(settings) == [
        "F: prod must keep data.deletion-protection on.",
        "F: prod must keep sign-in.mfa required.",
    ]


@pytest.mark.parametrize("settings", ["dev", 3, [], None])
def test_settings_that_are_not_an_object_are_rejected(settings: object) -> None:
    assert settings_errors(settings)[0].startswith("F: items-api:settings is ")


def test_settings_are_immutable() -> None:
    settings = StackSettings.model_validate_json(json.dumps(written("dev")))

    with pytest.raises(ValidationError, match="frozen"):
        settings.owner = "another-team"  # type: ignore[misc] # what the test is about


def test_generated_secrets_are_those_of_the_service() -> None:
    assert load_stack_file("local", ROOT).secrets == tuple(SECRETS)


def declared(monkeypatch: pytest.MonkeyPatch, *, workers: int = 0) -> None:
    """Let the service have functions named worker-0, worker-1, … for the check of their settings."""
    functions = tuple(Function(f"worker-{number}", "api.worker.handler") for number in range(workers))
    monkeypatch.setattr(capacity, "FUNCTIONS", functions)


def test_function_that_is_not_declared_is_rejected_with_the_declared_ones() -> None:
    (error,) = settings_errors(changed("dev", "functions.no-such-worker", {}))

    assert error.startswith(
        "F: functions.no-such-worker.[key] is 'no-such-worker': api/definition.py does not declare it: "
    )
    names = [function.name for function in FUNCTIONS]
    assert all(name in error for name in names)


def test_parameter_that_is_not_declared_is_rejected() -> None:
    (error,) = settings_errors(changed("dev", "parameters.no-such-parameter", "1"))

    assert "no-such-parameter.[key] is 'no-such-parameter': api/definition.py does not declare it: " in error


def test_declared_parameter_without_a_value_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_settings, "PARAMETERS", (Parameter("page-size", "Items of a page"),))

    assert "F: dev must set parameters.page-size: Items of a page." in settings_errors(written("dev"))


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("AWS_REGION", "function.environment.AWS_REGION.[key] is 'AWS_REGION': the name of a variable has 2 to 64"),
        ("POWERTOOLS_DEV", "the name of a variable has 2 to 64"),
        ("PYTHONPATH", "the name of a variable has 2 to 64"),
        ("ENVIRONMENT", "and is not one of AWS or of the service itself"),
        ("SESSIONS_TABLE", "and is not one of AWS or of the service itself"),
        ("CURSOR_KEY_SECRET_ARN", "and is not one of AWS or of the service itself"),
        ("lower", "the name of a variable has 2 to 64"),
    ],
)
def test_variable_that_is_not_free_is_rejected(name: str, error: str) -> None:
    assert error in "".join(settings_errors(changed("dev", f"function.environment.{name}", "text")))


def test_variable_with_a_credential_is_rejected_with_the_secret_to_write() -> None:
    settings = changed("dev", "function.environment.PAYMENT_PASSWORD", "letmein12")

    (error,) = settings_errors(settings)
    assert error == (
        "F: dev must not set function.environment.PAYMENT_PASSWORD to what looks like a credential, which everyone who "
        "may read the function can read: write secrets: {payment-password: {env: PAYMENT_PASSWORD_ARN}}."
    )


def test_variables_above_half_of_the_limit_of_lambda_are_rejected() -> None:
    settings = written("dev")
    settings["function"]["environment"] = {f"LIST_{number}": "words and " * 100 for number in range(3)}

    assert settings_errors(settings)[0].startswith("F: dev must keep function.environment at 2048 bytes or less, not 3")


def test_variable_of_two_secrets_is_rejected() -> None:
    settings = written("dev") | {"secrets": {"one": {"env": "KEY_ARN"}, "two": {"env": "KEY_ARN"}}}

    assert settings_errors(settings)[0].startswith("F: dev must set the variable KEY_ARN once")


@pytest.mark.parametrize("name", [*SECRETS, "origin-key", "settings", "Payment"])
def test_secret_with_a_name_that_is_not_free_is_rejected(name: str) -> None:
    (error,) = settings_errors(written("dev") | {"secrets": {name: {"env": "PAYMENT_KEY_ARN"}}})

    assert error.startswith(f"F: secrets.{name}.[key] is {name!r}: the name of a secret has up to 31 of a-z")


def test_functions_together_leave_unreserved_concurrency(monkeypatch: pytest.MonkeyPatch) -> None:
    declared(monkeypatch)
    settings = changed("dev", "function.reserved-concurrency", 900)
    assert settings_errors(settings) == []

    declared(monkeypatch, workers=1)

    assert settings_errors(settings)[0].startswith("F: dev must reserve 900 instances or fewer, not 902")


@pytest.mark.parametrize("stack", STACKS)
def test_variables_of_stack_are_reserved(stack: str) -> None:
    functions = inputs_of(evaluate(stack, root=ROOT)).of(FUNCTION)
    variables = {name for function in functions for name in function.properties["environment"]["variables"]}

    assert {name for name in variables if not name.startswith(RESERVED_PREFIXES)} <= OWN_VARIABLES


def test_variables_that_the_api_reads_are_reserved() -> None:
    read = {str(field.alias) for field in ApiSettings.model_fields.values() if field.alias}

    assert {name for name in read if not name.startswith(RESERVED_PREFIXES)} <= OWN_VARIABLES


def test_secret_of_the_stack_file_has_resources_permission_and_variable() -> None:
    graph = stacks.stack("dev", secrets={"sample-key": {"env": "SAMPLE_KEY_ARN", "description": "Signs"}})
    policy = json.dumps(only(graph, "api-permissions"), default=str)

    assert only(graph, "sample-key-secret")["description"] == "Signs"
    assert only(graph, "sample-key-value").keys() == only(graph, "cursor-key-value").keys()
    assert "SAMPLE_KEY_ARN" in only(graph, "api-function")["environment"]["variables"]
    assert policy.count("secretsmanager:GetSecretValue") == len(SECRETS) + 1


@pytest.mark.parametrize("name", ["cursor-key", "sample-key"])
def test_secret_that_is_short_or_not_encrypted_is_rejected(name: str, tmp_path: Path) -> None:
    settings = configured("dev", secrets={"sample-key": {"env": "SAMPLE_KEY_ARN"}})
    with pytest.raises(EvaluationError, match=f"^items-api:{name} has 5 bytes, not 32 or more; set one with"):
        evaluate("dev", root=ROOT, config=settings | {f"items-api:{name}": "short"})

    for file in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / "infrastructure").symlink_to(ROOT / "infrastructure")
    with (tmp_path / "Pulumi.dev.yaml").open("a") as written:
        written.write(f"  items-api:{name}: {'k' * 40}\n")
    with pytest.raises(EvaluationError, match=rf"^Pulumi\.dev\.yaml: items-api:{name} is not encrypted; set a new one"):
        evaluate("dev", root=tmp_path, config=settings)


def test_variable_of_the_stack_file_is_one_of_the_function() -> None:
    function = json.loads(configured("dev")["items-api:settings"])["function"]
    graph = stacks.stack("dev", function=function | {"environment": {"PAGE_SIZE": "20"}})

    assert only(graph, "api-function")["environment"]["variables"]["PAGE_SIZE"] == "20"


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_settings_of_every_stack_run_locally(name: str) -> None:
    run, replaced = local_settings(written(name), written("local"))

    assert settings_errors(run) == []
    assert run["environment"] == "local"
    assert any(line.startswith("function.runtime python3.13 on arm64: ") for line in replaced)
    assert (run["log-key"], run["api"]["docs-enabled"]) == (name != "dev", name == "dev")  # type: ignore[index] # a group


def test_everything_that_cannot_run_locally_is_listed() -> None:
    settings = changed("prod", "domain", {"name": "api.example.com", "zone-id": "Z0123456789ABC"}) | {"edge": {}}
    settings["function"] |= {"start-mode": "provisioned", "provisioned-concurrency": 2}
    settings["permissions-boundary"] = "boundary"

    run, replaced = local_settings(settings, written("local"))

    assert settings_errors(run) == []
    assert [line.partition(":")[0] for line in replaced] == [
        "domain",
        "edge",
        "permissions-boundary",
        "delivery canary",
        "function.runtime python3.13 on arm64",
        "function.start-mode provisioned",
        "sign-in.mfa required",
        "sign-in.password-flow false",
    ]

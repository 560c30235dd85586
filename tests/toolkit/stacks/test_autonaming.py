"""`pulumi:autonaming` names the resources of an evaluation as the engine would; AWS's limits are checked before."""

import re
from pathlib import Path
from random import Random

import pytest

from tests.support.programs import write_program
from toolkit.resource_types.automatic_names import DEFAULT_NAMES
from toolkit.stacks import EvaluationError, Secret, StackFileError, evaluate
from toolkit.stacks.autonaming import KEY, automatic_names

ROLE = """
    import json
    import pulumi
    import pulumi_aws as aws

    role = aws.iam.Role("worker", assume_role_policy="{}")
    pulumi.export("name", role.name)
"""
PATTERN = "${project}-${stack}-${name}-${hex(7)}"


def project(naming: str, name: str = "sample") -> str:
    return f"name: {name}\nruntime: python\nmain: program\nconfig:\n  pulumi:autonaming:\n    value: {naming}\n"


def named(naming: object, logical_name: str = "queue", type: str = "aws:sqs/queue:Queue", **config: object) -> str:
    values = {f"sample:{key}": value for key, value in config.items()}
    return automatic_names({KEY: naming, **values}, "sample", "dev").of(type).name(logical_name, Random(1))  # noqa: S311 - the same name in each run


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        (PATTERN, "sample-dev-queue-[0-9a-f]{7}"),
        ("${organization}_${name}", "organization_queue"),
        ("${name}.${alphanum(4)}.${string(5)}.${num(6)}", r"queue\.[a-z0-9]{4}\.[a-z]{5}\.[0-9]{6}"),
        ("${name}-${uuid}", "queue-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("${config.team}-${name}", "blue-queue"),
    ],
)
def test_pattern_is_filled_in(pattern: str, form: str) -> None:
    assert re.fullmatch(form, named({"pattern": pattern}, team="blue"))


def test_mode_verbatim_takes_the_logical_name_and_default_adds_seven_digits() -> None:
    assert named({"mode": "verbatim"}) == "queue"
    assert re.fullmatch("queue-[0-9a-f]{7}", named({"mode": "default"}))
    assert automatic_names({}, "sample", "dev") == DEFAULT_NAMES


def test_pattern_of_a_type_comes_before_that_of_its_provider_and_of_the_stack() -> None:
    naming = {
        "pattern": "stack-${name}",
        "providers": {"aws": {"pattern": "aws-${name}", "resources": {"aws:s3/bucket:Bucket": {"mode": "verbatim"}}}},
    }

    assert named(naming, "a", "aws:s3/bucket:Bucket") == "a"
    assert named(naming, "a", "aws:sqs/queue:Queue") == "aws-a"
    assert named(naming, "a", "random:index/id:Id") == "stack-a"


@pytest.mark.parametrize(
    ("naming", "sentence"),
    [
        ({"pattern": "${region}-${name}"}, r"\$\{region\} is no expression of a pattern; known are name, project"),
        ({"pattern": "${name}-${hex(x)}"}, r"\$\{hex\(x\)\} is no expression"),
        ({"pattern": "${config.team}"}, r"\$\{config\.team\} needs the value sample:team in the stack's file"),
        ({"pattern": "${config.word}"}, r"\$\{config\.word\} is a secret, and everyone can read a name"),
        ({"mode": "loud"}, r"mode is 'loud': it should be 'default', 'verbatim' or 'disabled'"),
        ({"mode": "verbatim", "pattern": "${name}"}, "write mode, or pattern with enforce, not both"),
        ({"enforce": True}, "enforce needs a pattern"),
        ({"patern": "${name}"}, "unknown key patern"),
        ({"providers": {"aws": {"resources": {"aws:sqs/queue:Queue": {}}}}}, "write mode or pattern"),
        (7, "the value is 7"),
    ],
)
def test_naming_that_the_engine_would_refuse_is_rejected_with_a_sentence(naming: object, sentence: str) -> None:
    with pytest.raises(StackFileError, match=rf"^pulumi:autonaming: .*{sentence}"):
        named(naming, word=Secret("hidden"))


def test_evaluation_names_resources_by_the_project_file_and_the_stack_file_overrides_it(tmp_path: Path) -> None:
    root = write_program(tmp_path, ROLE, project=project(f"{{pattern: '{PATTERN}'}}"))
    name = evaluate("dev", root=root).outputs["name"]

    assert re.fullmatch("sample-dev-worker-[0-9a-f]{7}", name)
    assert evaluate("dev", root=root).outputs["name"] == name
    (root / "Pulumi.dev.yaml").write_text("config: {pulumi:autonaming: {mode: verbatim}}")
    assert evaluate("dev", root=root).outputs["name"] == "worker"


def test_name_that_is_too_long_for_aws_names_resource_length_and_origin(tmp_path: Path) -> None:
    long = "a-service-with-a-name-that-everyone-liked-very-much"
    root = write_program(tmp_path, ROLE, project=project(f"{{pattern: '{PATTERN}'}}", long))

    with pytest.raises(EvaluationError) as caught:
        evaluate("dev", root=root)
    assert re.fullmatch(
        rf"worker \(aws:iam/role:Role\): pulumi:autonaming makes the name {long}-dev-worker-[0-9a-f]{{7}}, "
        "which has 70 characters, and AWS accepts 64; "
        "shorten or change the project, the stack, the logical name or the pattern.",
        str(caught.value),
    )


@pytest.mark.parametrize(
    ("resource", "sentence"),
    [
        (
            "aws.s3.Bucket('a_b')",
            "makes the bucket a_b-[0-9a-f]{7}, which AWS does not accept; it takes 3 to 63 of a-z",
        ),
        (
            "aws.sqs.Queue('q', name='a.b')",
            r"the program gives the name a\.b, which AWS does not accept; it takes letters",
        ),
        (
            "aws.cognito.UserPoolDomain('d', domain='x' * 64, user_pool_id='p')",
            "the program gives the domain x{64}, which has 64 characters, and AWS accepts 63; give another one",
        ),
    ],
)
def test_name_that_aws_does_not_accept_is_rejected(tmp_path: Path, resource: str, sentence: str) -> None:
    with pytest.raises(EvaluationError, match=sentence):
        evaluate("dev", root=write_program(tmp_path, f"import pulumi_aws as aws\n{resource}"))


@pytest.mark.parametrize("resource", ["aws.sqs.Queue('q', name='q.fifo', fifo_queue=True)", "aws.sqs.Queue('q')"])
def test_disabled_names_need_one_of_the_program(tmp_path: Path, resource: str) -> None:
    root = write_program(tmp_path, f"import pulumi_aws as aws\n{resource}", project=project("{mode: disabled}"))
    if "name=" in resource:
        assert len(evaluate("dev", root=root).of_type("aws:sqs/queue:Queue")) == 1
    else:
        with pytest.raises(EvaluationError, match="pulumi:autonaming disables automatic names, and the program gives"):
            evaluate("dev", root=root)


def test_name_of_a_bucket_is_in_lower_case_unless_the_pattern_is_enforced(tmp_path: Path) -> None:
    program = "import pulumi_aws as aws\naws.s3.Bucket('Logs')"
    (bucket,) = evaluate("dev", root=write_program(tmp_path, program)).of_type("aws:s3/bucket:Bucket")
    assert re.fullmatch("logs-[0-9a-f]{7}", bucket.outputs["bucket"])

    enforced = write_program(tmp_path, program, project=project("{pattern: '${name}-x', enforce: true}"))
    with pytest.raises(EvaluationError, match="makes the bucket Logs-x, which AWS does not accept"):
        evaluate("dev", root=enforced)

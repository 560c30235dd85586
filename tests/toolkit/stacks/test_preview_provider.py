"""The outputs of an offline preview have the form that AWS gives them."""

import re
from pathlib import Path

import pytest

from tests.support.programs import write_program
from toolkit.resource_types.lookup import resource_type
from toolkit.stacks import evaluate

ACCOUNT, REGION = "333333333333", "eu-central-1"


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_every_type_of_a_stack_has_preview_outputs(stack: str, root: Path) -> None:
    types = {resource.type for resource in evaluate(stack, root=root).resources if resource.custom}

    assert {type for type in types if resource_type(type).preview is None} == set()


def test_arns_have_the_region_and_account_of_the_stack(root: Path) -> None:
    for resource in evaluate("prod", root=root).resources:
        arn = str(resource.outputs.get("arn", ""))
        if resource.type.startswith("aws:") and arn:
            assert re.match(rf"arn:aws:[a-z0-9-]+:({REGION})?:({ACCOUNT})?:\S+$", arn), resource.name


@pytest.mark.parametrize(
    ("kind", "output", "form"),
    [
        (
            "aws:lambda/function:Function",
            "arn",
            rf"arn:aws:lambda:{REGION}:{ACCOUNT}:function:items-api-prod-api-function-[0-9a-f]{{7}}",
        ),
        (
            "aws:lambda/alias:Alias",
            "invokeArn",
            r"arn:aws:apigateway:\S+:function:items-api-prod-api-function-\w{7}:live/invocations",
        ),
        ("aws:apigatewayv2/api:Api", "apiEndpoint", rf"https://\w{{10}}\.execute-api\.{REGION}\.amazonaws\.com"),
        ("aws:apigatewayv2/api:Api", "executionArn", rf"arn:aws:execute-api:{REGION}:{ACCOUNT}:\w{{10}}"),
        ("aws:cognito/userPool:UserPool", "endpoint", rf"cognito-idp\.{REGION}\.amazonaws\.com/{REGION}_\w{{9}}"),
        ("aws:iam/role:Role", "arn", rf"arn:aws:iam::{ACCOUNT}:role/items-api-prod-api-role-\w{{7}}"),
        ("aws:s3/bucket:Bucket", "arn", r"arn:aws:s3:::items-api-prod-attachments-bucket-\w{7}"),
    ],
)
def test_computed_output_has_the_form_of_aws(kind: str, output: str, form: str, root: Path) -> None:
    resources = evaluate("prod", root=root).of_type(kind)

    assert any(re.fullmatch(form, resource.outputs[output]) for resource in resources)


@pytest.mark.parametrize(
    ("made", "form"),
    [
        ("aws.sqs.Queue('jobs').url", r"https://sqs\.eu-central-1\.amazonaws\.com/000000000000/jobs-\w{7}"),
        ("aws.sqs.Queue('jobs', fifo_queue=True).arn", r"arn:aws:sqs:eu-central-1:000000000000:jobs-\w{7}\.fifo"),
        ("aws.sns.Topic('news', name_prefix='a-').name", r"a-\w{26}"),
        ("aws.iam.User('u').arn", r"arn:aws:iam::000000000000:user/u-\w{7}"),
        ("aws.ecr.Repository('r').repository_url", r"000000000000\.dkr\.ecr\.eu-central-1\.amazonaws\.com/r-\w{7}"),
        ("aws.ssm.Parameter('p', name='/a/b', type='String').arn", r"arn:aws:ssm:\S+:000000000000:parameter/a/b"),
        ("aws.apigateway.RestApi('a').execution_arn", r"arn:aws:execute-api:eu-central-1:000000000000:\w{10}"),
        ("aws.apigatewayv2.Stage('s', api_id='a').name", r"s-\w{7}"),
        ("aws.lambda_.Alias('a', function_name='f', function_version='1').arn", r"arn:aws:lambda:\S+:f:a-\w{7}"),
        (
            "aws.apigateway.Stage('s', rest_api='a', deployment='d', stage_name='live').invoke_url",
            r"https://a\.execute-api\.eu-central-1\.amazonaws\.com/live",
        ),
        (
            "aws.lambda_.FunctionUrl('u', function_name='f', authorization_type='AWS_IAM').function_url",
            r"https://\w{32}\.lambda-url\.eu-central-1\.on\.aws/",
        ),
        (
            "aws.lambda_.EventSourceMapping('m', function_name='f', event_source_arn='q').arn",
            r"arn:aws:lambda:eu-central-1:000000000000:event-source-mapping:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        ),
        (
            "aws.dynamodb.Table('t', hash_key='k', attributes=[], stream_enabled=True).stream_arn",
            r"arn:aws:dynamodb:eu-central-1:000000000000:table/t-\w{7}/stream/[0-9T:.-]{23}",
        ),
        (
            "aws.scheduler.Schedule('s', schedule_expression='rate(1 day)', flexible_time_window={}, target={}).arn",
            r"arn:aws:scheduler:eu-central-1:000000000000:schedule/default/s-\w{7}",
        ),
        (
            "aws.scheduler.ScheduleGroup('g').arn",
            r"arn:aws:scheduler:eu-central-1:000000000000:schedule-group/g-\w{7}",
        ),
        ("aws.cloudwatch.EventTarget('t', rule='r', arn='f').target_id", r"t-\w{7}"),
        ("aws.s3.BucketObject('o', bucket='b').arn", r"arn:aws:s3:::b/o-\w{7}"),
        ("aws.sfn.StateMachine('m', role_arn='r', definition='{}').id", r"arn:aws:states:\S+:stateMachine:m-\w{7}"),
    ],
)
def test_type_that_the_project_does_not_use_has_outputs_in_the_form_of_aws(
    tmp_path: Path, made: str, form: str
) -> None:
    program = f"import pulumi, pulumi_aws as aws\npulumi.export('made', {made})"
    graph = evaluate("dev", root=write_program(tmp_path, program, stack_file="config: {aws:region: eu-central-1}"))

    assert re.fullmatch(form, graph.outputs["made"])

"""The resources: an HTTP API, three functions with the same package, a queue, a table and a schedule."""

import base64
import json
import platform
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the engine runs this folder, not the root

from infrastructure.settings import ReadingsSettings  # noqa: E402 - the path comes first

settings = ReadingsSettings.model_validate_json(pulumi.Config().require("settings"))
stack = pulumi.get_stack()
manifest = ROOT / "build" / stack / "package.json"
package = json.loads(manifest.read_text()) if manifest.is_file() else None
host = settings.function.runtime == "host"
runtime = f"python{sys.version_info.major}.{sys.version_info.minor}" if host else settings.function.runtime
machine = {"x86_64": "x86_64", "amd64": "x86_64"}.get(platform.machine().lower(), "arm64")
provider = aws.Provider(
    "aws",
    region=pulumi.Config("aws").require("region"),
    allowed_account_ids=[settings.account_id],
    default_tags={"tags": {"project": pulumi.get_project(), "stack": stack, "owner": "sensors", "cost-center": "lab"}},
)
opts = pulumi.ResourceOptions(provider=provider)


def allow(actions: list[str], *resources: pulumi.Input[str]) -> dict[str, object]:
    """Return a statement of a policy document."""
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def role(name: str, service: str, *statements: dict[str, object]) -> aws.iam.Role:
    """Create a role that a service assumes, with these permissions."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    created = aws.iam.Role(
        f"{name}-role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}), opts=opts
    )
    policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})
    aws.iam.RolePolicy(f"{name}-permissions", role=created.id, policy=policy, opts=opts)
    return created


def function(
    name: str, timeout: int, variables: dict[str, pulumi.Input[str]], *statements: dict[str, object]
) -> aws.lambda_.Alias:
    """Create a function with its role, its log group and the alias `live`."""
    logs = aws.cloudwatch.LogGroup(f"{name}-logs", retention_in_days=30, opts=opts)
    write_logs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(logs.arn, ":*"))
    created = aws.lambda_.Function(
        f"{name}-function",
        code=pulumi.FileArchive(str(ROOT / package["path"])) if package else pulumi.AssetArchive({}),
        source_code_hash=base64.b64encode(bytes.fromhex(package["sha256"])).decode() if package else None,
        handler=f"service.{name}.handler",
        runtime=runtime,
        architectures=[machine if host else settings.function.architecture],
        role=role(name, "lambda.amazonaws.com", write_logs, *statements).arn,
        memory_size=256,
        timeout=timeout,
        reserved_concurrent_executions=5,
        environment={"variables": variables},
        logging_config={"log_format": "JSON", "log_group": logs.name},
        publish=True,
        opts=opts,
    )
    return aws.lambda_.Alias(
        f"{name}-live", name="live", function_name=created.name, function_version=created.version, opts=opts
    )


table = aws.dynamodb.Table(
    "readings-table",
    billing_mode="PAY_PER_REQUEST",
    attributes=[{"name": "sensor", "type": "S"}],
    hash_key="sensor",
    opts=opts,
)
dead_letters = aws.sqs.Queue("dead-letters", message_retention_seconds=1_209_600, opts=opts)
queue = aws.sqs.Queue(
    "readings-queue",
    visibility_timeout_seconds=60,
    redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": 2}),
    opts=opts,
)
version = {"SERVICE_VERSION": package["sha256"][:12] if package else "0" * 12}
api_live = function(
    "api",
    10,
    {**version, "READINGS_TABLE": table.name, "READINGS_QUEUE_URL": queue.url},
    allow(["dynamodb:GetItem"], table.arn),
    allow(["sqs:SendMessage"], queue.arn),
)
worker_live = function(
    "worker",
    10,
    {"READINGS_TABLE": table.name},
    allow(["dynamodb:PutItem"], table.arn),
    allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue.arn),
)
aws.lambda_.EventSourceMapping(
    "worker-events",
    event_source_arn=queue.arn,
    function_name=worker_live.arn,
    batch_size=10,
    function_response_types=["ReportBatchItemFailures"],
    opts=opts,
)
report_live = function("report", 10, {})
aws.scheduler.Schedule(
    "report-schedule",
    schedule_expression="rate(1 hour)",
    flexible_time_window={"mode": "OFF"},
    target={
        "arn": report_live.arn,
        "role_arn": role("schedule", "scheduler.amazonaws.com", allow(["lambda:InvokeFunction"], report_live.arn)).arn,
    },
    opts=opts,
)
api = aws.apigatewayv2.Api("http", protocol_type="HTTP", opts=opts)
integration = aws.apigatewayv2.Integration(
    "http-function",
    api_id=api.id,
    integration_type="AWS_PROXY",
    integration_uri=api_live.invoke_arn,
    payload_format_version="2.0",
    opts=opts,
)
for number, key in enumerate(("GET /health", "POST /sensors/{sensor}", "GET /sensors/{sensor}")):
    target = pulumi.Output.concat("integrations/", integration.id)
    aws.apigatewayv2.Route(f"http-{number}", api_id=api.id, route_key=key, target=target, opts=opts)
stage = aws.apigatewayv2.Stage(
    "http-stage",
    api_id=api.id,
    name="$default",
    auto_deploy=True,
    default_route_settings={"throttling_rate_limit": 50, "throttling_burst_limit": 50},
    opts=opts,
)
aws.lambda_.Permission(
    "http-permission",
    action="lambda:InvokeFunction",
    function=api_live.function_name,
    qualifier=api_live.name,
    principal="apigateway.amazonaws.com",
    source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
    opts=opts,
)
outputs = {
    "api_url": stage.invoke_url,
    "api_id": api.id,
    "function_name": api_live.function_name,
    "function_alias": api_live.name,
    "function_version": api_live.function_version,
    "readings_queue_url": queue.url,
}
for name, value in outputs.items():
    pulumi.export(name, value)

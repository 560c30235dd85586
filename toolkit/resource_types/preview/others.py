"""What AWS would say of types that no stack of this repository uses, and that many programs do."""

from collections.abc import Mapping

from toolkit.resource_types.preview.new import Imagine, New, named, part
from toolkit.stacks.provider import Created


def _queue(new: New) -> Created:
    name = new.named()
    name = name if not new.inputs.get("fifoQueue") or name.endswith(".fifo") else f"{name}.fifo"
    url = f"https://sqs.{new.region}.{new.place.dns_suffix}/{new.account}/{name}"
    return Created(url, {"name": name, "arn": new.arn("sqs", name), "url": url})


def _identified_by_arn(service: str, resource: str) -> Imagine:
    """A resource whose id is its ARN."""

    def imagine(new: New) -> Created:
        name = new.named()
        arn = new.arn(service, resource + name)
        return Created(arn, {"name": name, "arn": arn})

    return imagine


def _global(resource: str) -> Imagine:
    """A resource of IAM whose id is its name."""

    def imagine(new: New) -> Created:
        name = new.named()
        return Created(name, {"name": name, "arn": new.arn("iam", resource + name, region=False)})

    return imagine


def _repository(new: New) -> Created:
    name = new.named()
    url = f"{new.account}.dkr.ecr.{new.region}.{new.place.dns_suffix}/{name}"
    arn = new.arn("ecr", f"repository/{name}")
    return Created(name, {"name": name, "arn": arn, "registryId": new.account, "repositoryUrl": url})


def _rest_api(new: New) -> Created:
    identity = new.token(10)
    return Created(
        identity,
        {
            "name": new.named(),
            "arn": new.arn("apigateway", f"/restapis/{identity}", account=False),
            "executionArn": new.arn("execute-api", identity),
            "rootResourceId": new.token(10, "root"),
        },
    )


def _rest_stage(new: New) -> Created:
    api, name = str(new.inputs["restApi"]), str(new.inputs["stageName"])
    outputs = {
        "arn": new.arn("apigateway", f"/restapis/{api}/stages/{name}", account=False),
        "executionArn": new.arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"https://{api}.execute-api.{new.region}.{new.place.dns_suffix}/{name}",
    }
    return Created(f"ags-{api}-{name}", outputs)


def _parameter(new: New) -> Created:
    name = new.named()
    return Created(name, {"name": name, "arn": new.arn("ssm", f"parameter/{name.removeprefix('/')}")})


def _function_url(new: New) -> Created:
    function = str(new.inputs["functionName"])
    identity = new.token(32)
    arn = function if function.startswith("arn:") else new.arn("lambda", f"function:{function}")
    url = f"https://{identity}.lambda-url.{new.region}.on.aws/"
    return Created(function, {"functionArn": arn, "functionUrl": url, "urlId": identity})


def _bucket_object(new: New) -> Created:
    key = new.named("key")
    arn = new.arn("s3", f"{new.inputs['bucket']}/{key}", region=False, account=False)
    return Created(key, {"key": key, "arn": arn})


BY_TYPE: Mapping[str, Imagine] = {
    "aws:apigateway/deployment:Deployment": part,
    "aws:apigateway/restApi:RestApi": _rest_api,
    "aws:apigateway/stage:Stage": _rest_stage,
    "aws:cloudwatch/eventRule:EventRule": named("events", "rule/"),
    "aws:cloudwatch/eventTarget:EventTarget": part,
    "aws:ecr/repository:Repository": _repository,
    "aws:ecs/cluster:Cluster": _identified_by_arn("ecs", "cluster/"),
    "aws:iam/group:Group": _global("group/"),
    "aws:iam/instanceProfile:InstanceProfile": _global("instance-profile/"),
    "aws:iam/user:User": _global("user/"),
    "aws:kinesis/stream:Stream": _identified_by_arn("kinesis", "stream/"),
    "aws:lambda/functionUrl:FunctionUrl": _function_url,
    "aws:s3/bucketObject:BucketObject": _bucket_object,
    "aws:s3/bucketObjectv2:BucketObjectv2": _bucket_object,
    "aws:sfn/stateMachine:StateMachine": _identified_by_arn("states", "stateMachine:"),
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": part,
    "aws:ssm/parameter:Parameter": _parameter,
}

"""What AWS would say of each type of resource: the properties that it computes, made of what it was given."""

from collections.abc import Mapping

from toolkit.resource_types.preview import front, others
from toolkit.resource_types.preview.new import Imagine, New, named, part
from toolkit.stacks.provider import Created


def _topic(new: New) -> Created:
    name = new.named()
    arn = new.arn("sns", name)
    return Created(arn, {"name": name, "arn": arn})


def _role_policy(new: New) -> Created:
    name = new.named()
    return Created(f"{new.inputs['role']}:{name}", {"name": name})


def _bucket(new: New) -> Created:
    name = new.named("bucket")
    arn = new.arn("s3", name, region=False, account=False)
    outputs = {
        "bucket": name,
        "arn": arn,
        "bucketDomainName": f"{name}.s3.{new.place.dns_suffix}",
        "bucketRegionalDomainName": f"{name}.s3.{new.region}.{new.place.dns_suffix}",
        "region": new.region,
    }
    return Created(name, outputs)


def _secret(new: New) -> Created:
    name = new.named()
    arn = new.arn("secretsmanager", f"secret:{name}-{new.token(6, 'arn')}")
    return Created(arn, {"name": name, "arn": arn})


def _secret_version(new: New) -> Created:
    version = new.uuid()
    return Created(f"{new.inputs['secretId']}|{version}", {"versionId": version, "arn": new.inputs["secretId"]})


def _user_pool(new: New) -> Created:
    identity = f"{new.region}_{new.token(9)}"
    endpoint = f"cognito-idp.{new.region}.amazonaws.com/{identity}"
    name = new.named()
    return Created(
        identity, {"name": name, "arn": new.arn("cognito-idp", f"userpool/{identity}"), "endpoint": endpoint}
    )


def _user_pool_client(new: New) -> Created:
    secret = {"clientSecret": new.token(51, "secret")} if new.inputs.get("generateSecret") else {"clientSecret": ""}
    return Created(new.token(26), {"name": new.named(), **secret})


def _resource_server(new: New) -> Created:
    identifier = new.inputs["identifier"]
    scopes = [f"{identifier}/{scope['scopeName']}" for scope in new.inputs.get("scopes", [])]
    return Created(f"{new.inputs['userPoolId']}|{identifier}", {"scopeIdentifiers": scopes})


def _user_pool_domain(new: New) -> Created:
    return Created(new.inputs["domain"], {"cloudfrontDistribution": f"{new.token(13)}.cloudfront.net"})


def _role(new: New) -> Created:
    name = new.named()
    arn = new.arn("iam", f"role/{name}", region=False)
    return Created(name, {"name": name, "arn": arn, "uniqueId": f"AROA{new.token(17).upper()}"})


def _policy(new: New) -> Created:
    name = new.named()
    arn = new.arn("iam", f"policy/{name}", region=False)
    return Created(arn, {"name": name, "arn": arn})


def _oidc_provider(new: New) -> Created:
    arn = new.arn("iam", f"oidc-provider/{str(new.inputs['url']).removeprefix('https://')}", region=False)
    return Created(arn, {"arn": arn})


def _trail(new: New) -> Created:
    name = new.named()
    arn = new.arn("cloudtrail", f"trail/{name}")
    return Created(arn, {"name": name, "arn": arn, "homeRegion": new.region})


def _dashboard(new: New) -> Created:
    name = str(new.inputs["dashboardName"])
    return Created(name, {"dashboardArn": new.arn("cloudwatch", f"dashboard/{name}", region=False)})


def _function(new: New) -> Created:
    name = new.named()
    arn = new.arn("lambda", f"function:{name}")
    outputs = {
        "name": name,
        "arn": arn,
        "version": "1",
        "qualifiedArn": f"{arn}:1",
        "invokeArn": _invoke_arn(new, arn),
    }
    return Created(name, outputs)


def _alias(new: New) -> Created:
    name, function = new.named(), str(new.inputs["functionName"])
    arn = f"{function if function.startswith('arn:') else new.arn('lambda', f'function:{function}')}:{name}"
    return Created(arn, {"name": name, "arn": arn, "invokeArn": _invoke_arn(new, arn)})


def _invoke_arn(new: New, function_arn: str) -> str:
    return (
        f"arn:{new.place.partition}:apigateway:{new.region}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
    )


def _api(new: New) -> Created:
    identity = new.token(10)
    return Created(
        identity,
        {
            "name": new.named(),
            "apiEndpoint": f"https://{identity}.execute-api.{new.region}.amazonaws.com",
            "arn": new.arn("apigateway", f"/apis/{identity}", account=False),
            "executionArn": new.arn("execute-api", identity),
        },
    )


def _stage(new: New) -> Created:
    api, name = new.inputs["apiId"], new.named()
    path = "" if name == "$default" else name
    return Created(
        name,
        {
            "name": name,
            "arn": new.arn("apigateway", f"/apis/{api}/stages/{name}", account=False),
            "executionArn": new.arn("execute-api", f"{api}/{name}"),
            "invokeUrl": f"https://{api}.execute-api.{new.region}.amazonaws.com/{path}",
        },
    )


def _application(new: New) -> Created:
    name = new.named()
    return Created(name, {"name": name, "arn": new.arn("codedeploy", f"application:{name}")})


def _deployment_group(new: New) -> Created:
    application, name = new.inputs["appName"], new.inputs["deploymentGroupName"]
    arn = new.arn("codedeploy", f"deploymentgroup:{application}/{name}")
    return Created(f"{application}:{name}", {"arn": arn, "deploymentGroupId": new.uuid(), "computePlatform": "Lambda"})


def _key(new: New) -> Created:
    identity = new.uuid()
    return Created(identity, {"keyId": identity, "arn": new.arn("kms", f"key/{identity}")})


def _subscription(new: New) -> Created:
    arn = f"{new.inputs['topic']}:{new.uuid()}"
    return Created(arn, {"arn": arn})


def _budget(new: New) -> Created:
    name = new.named()
    return Created(f"{new.account}:{name}", {"name": name, "arn": new.arn("budgets", f"budget/{name}", region=False)})


BY_TYPE: Mapping[str, Imagine] = {
    **front.BY_TYPE,
    **others.BY_TYPE,
    "pulumi:providers:aws": part,
    "aws:apigatewayv2/api:Api": _api,
    "aws:apigatewayv2/authorizer:Authorizer": part,
    "aws:apigatewayv2/integration:Integration": part,
    "aws:apigatewayv2/route:Route": part,
    "aws:apigatewayv2/stage:Stage": _stage,
    "aws:budgets/budget:Budget": _budget,
    "aws:cloudtrail/trail:Trail": _trail,
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
    "aws:codedeploy/application:Application": _application,
    "aws:codedeploy/deploymentGroup:DeploymentGroup": _deployment_group,
    "aws:cognito/resourceServer:ResourceServer": _resource_server,
    "aws:cognito/userGroup:UserGroup": part,
    "aws:cognito/userPool:UserPool": _user_pool,
    "aws:cognito/userPoolClient:UserPoolClient": _user_pool_client,
    "aws:cognito/userPoolDomain:UserPoolDomain": _user_pool_domain,
    "aws:dynamodb/table:Table": named("dynamodb", "table/"),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _oidc_provider,
    "aws:iam/policy:Policy": _policy,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": part,
    "aws:kms/alias:Alias": named("kms", ""),
    "aws:kms/key:Key": _key,
    "aws:lambda/alias:Alias": _alias,
    "aws:lambda/function:Function": _function,
    "aws:lambda/permission:Permission": part,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": part,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": part,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part,
    "aws:s3/bucketLogging:BucketLogging": part,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part,
    "aws:s3/bucketPolicy:BucketPolicy": part,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part,
    "aws:s3/bucketVersioning:BucketVersioning": part,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": part,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
}

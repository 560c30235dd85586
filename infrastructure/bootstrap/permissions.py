"""The permissions of the pipeline's roles."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.managed_types import BY_TYPE, EMPTYING, PARTS, ROLES, SERVICE_LINKED_ROLES
from infrastructure.policy_documents import Condition, Document, PolicyStatement, allow, deny, document
from toolkit.resource_types.permissions import Permissions

_ROWS = tuple(part for row in BY_TYPE.values() for part in row.each())
SERVICES = frozenset(
    action.partition(":")[0]
    for row in _ROWS
    for action in row.changing | row.reading | row.changing_anywhere | row.reading_anywhere
)
"""The AWS services that the main program has resources of."""

_STATES = ".pulumi/*"
REVIEWS = "review-*"
"""The review stacks, which the account's file does not list."""

_CUSTOMER_DATA = (
    *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQL*"),
    *("logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery", "secretsmanager:*GetSecretValue", "ssm:Get*"),
)
_CANARY_DEPLOYMENTS = (
    ("deploymentgroup:{project}-{stack}-*", ("CreateDeployment", "GetDeployment")),
    ("application:{project}-{stack}-*", ("GetApplicationRevision", "RegisterApplicationRevision")),
    ("deploymentconfig:CodeDeployDefault.*", ("GetDeploymentConfig",)),
)
_LOSING_DATA = (
    *("dynamodb:DeleteTable", "s3:DeleteBucket", "cognito-idp:DeleteUserPool"),
    *("secretsmanager:DeleteSecret", "sqs:DeleteQueue"),
)
"""The calls that only lose data. Others lose it by their values, which no condition key of IAM holds: for a first
UpdateTimeToLive, UpdateContinuousBackups, PutLifecycleConfiguration, PutBucketVersioning, PutRetentionPolicy or
PutKeyPolicy a deploy role needs the same permission as for a later one. The only check of those is the one for data
loss by the records in toolkit/resource_types, so those have to be complete."""

_TAGGING = ("kms:TagResource", "kms:UntagResource")
_WITH_CREATION = ("kms:CreateKey", "kms:PutKeyPolicy", "kms:TagResource")
_RIGHT_AFTER_CREATION = frozenset(
    {
        *("kms:CreateAlias", "kms:EnableKeyRotation"),
        *("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
    }
)


def preview_policy(account: Account, key_arn: str, stacks: Sequence[str], *, secrets: bool) -> Document:
    """Return the permissions of previews of pull requests: read state, and with `secrets` decrypt secrets."""
    return document(
        *_read_states(account, key_arn),
        *([_decrypt(key_arn, stacks)] if secrets else []),
        deny("NobodysData", list(_CUSTOMER_DATA), ["*"]),
    )


def plan_policy(account: Account, key_arn: str, stacks: Sequence[str]) -> Document:
    """Return the permissions of plans of the branch: read state and decrypt secrets."""
    return document(*_read_states(account, key_arn), _decrypt(key_arn, stacks))


def read_policies(account: Account) -> dict[str, Document]:
    """Return the permissions of the drift detection: read the resources of all stacks of the account.

    The names of all stacks are also those of the state bucket, of which only the states may be listed.
    """
    only_states = deny(
        "OnlyStates", ["s3:ListBucket"], [account.state_bucket], {"StringNotLike": {"s3:prefix": _STATES}}
    )
    policies = {part: document(*_read_statements(rows.values(), account)) for part, rows in PARTS.items()}
    return policies | {"data": document(*_read_statements(PARTS["data"].values(), account), only_states)}


def deploy_policy(account: Account, key_arn: str, stack: str) -> Document:
    """Return the permissions to write one stack's state, pass its roles and start its canary deployments."""
    services = [f"{service}.amazonaws.com" for service in ("codedeploy", "lambda", "scheduler")]
    roles = [_format_arn(arn, account, stack) for arn in ROLES]
    return document(
        *_read_states(account, key_arn),
        *_write_state(account, key_arn, stack),
        _decrypt(key_arn, [stack]),
        *([_encrypt(key_arn)] if stack == REVIEWS else []),
        allow("PassRoles", ["iam:PassRole"], roles, {"StringEquals": {"iam:PassedToService": services}}),
        _service_linked_roles(account),
        *_canary_deployments(account, stack),
        *([deny("DataStays", list(_LOSING_DATA), ["*"])] if stack == "prod" else []),
    )


def change_policies(account: Account, stack: str) -> dict[str, Document]:
    """Return the permissions on one stack's resources, in several policies: IAM accepts 6,144 characters in each."""
    return {part: document(*_statements(rows, account, stack)) for part, rows in _parts(stack).items()}


def review_states_policy(account: Account, key_arn: str) -> Document:
    """Return the permissions to write and delete the state of review stacks, without passing roles."""
    states = _write_state(account, key_arn, REVIEWS)
    return document(*_read_states(account, key_arn), *states, _decrypt(key_arn, [REVIEWS]))


def delete_policies(account: Account) -> dict[str, Document]:
    """Return the permissions to read and delete the resources of review stacks.

    A few deletions are an action that also changes, such as s3:PutBucketCORS and budgets:ModifyBudget: IAM has no other
    one for them (docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
    """
    return {
        part: document(*_statements(rows, account, REVIEWS, deleting=True)) for part, rows in _parts(REVIEWS).items()
    }


def _parts(stack: str) -> dict[str, list[Permissions]]:
    parts = {part: list(rows.values()) for part, rows in PARTS.items()}
    if stack == REVIEWS:
        parts["data"].append(EMPTYING)
    return parts


def _read_statements(rows: Iterable[Permissions], account: Account) -> list[PolicyStatement]:
    by_arn: dict[str, set[str]] = defaultdict(set)
    anywhere: set[str] = set()
    for row in (each for listed in rows for each in listed.each()):
        anywhere |= row.reading_anywhere
        for arn in row.on:
            by_arn[_format_arn(arn, account, "*")] |= row.reading
    return [*_merge_by_actions(by_arn), *([allow("Anywhere", sorted(anywhere), ["*"])] if anywhere else [])]


def _read_states(account: Account, key_arn: str) -> list[PolicyStatement]:
    bucket = account.state_bucket
    return [
        allow("ListStates", ["s3:ListBucket"], [bucket], {"StringLike": {"s3:prefix": _STATES}}),
        allow("ReadStates", ["s3:GetObject"], [f"{bucket}/.pulumi/*"]),
        allow("OpenStates", ["kms:Decrypt"], [key_arn], _via_s3(account)),
    ]


def _write_state(account: Account, key_arn: str, stack: str) -> list[PolicyStatement]:
    project = account.project
    kept = [f"stacks/{project}/{stack}.*", f"locks/organization/{project}/{stack}/*"]
    kept += [f"{kind}/{project}/{stack}/*" for kind in ("history", "backups")]
    objects = [f"{account.state_bucket}/.pulumi/{each}" for each in kept]
    return [
        allow("WriteState", ["s3:PutObject", "s3:DeleteObject"], objects),
        allow("SealState", ["kms:GenerateDataKey"], [key_arn], _via_s3(account)),
    ]


def _via_s3(account: Account) -> Condition:
    """Limit a key to S3: a role that can read state cannot decrypt the secrets in it."""
    return {"StringEquals": {"kms:ViaService": f"s3.{account.region}.amazonaws.com"}}


def _decrypt(key_arn: str, stacks: Sequence[str]) -> PolicyStatement:
    return allow("DecryptSecrets", ["kms:Decrypt"], [key_arn], _stack_condition(stacks))


def _encrypt(key_arn: str) -> PolicyStatement:
    """Allow a pipeline to encrypt the secrets of a review stack; an administrator sets those of other stacks."""
    return allow("NewSecrets", ["kms:Encrypt"], [key_arn], _stack_condition([REVIEWS]))


def _stack_condition(stacks: Sequence[str]) -> Condition:
    operator = "StringLike" if REVIEWS in stacks else "StringEquals"
    return {operator: {"kms:EncryptionContext:stack": list(stacks)}}


def _service_linked_roles(account: Account) -> PolicyStatement:
    roles = [account.iam(f"role/aws-service-role/{service}/{role}") for service, role in SERVICE_LINKED_ROLES.items()]
    services = {"iam:AWSServiceName": list(SERVICE_LINKED_ROLES)}
    return allow("ServiceLinkedRoles", ["iam:CreateServiceLinkedRole"], roles, {"StringEquals": services})


def _canary_deployments(account: Account, stack: str) -> list[PolicyStatement]:
    """CodeDeploy authorizes each call on a resource of its own kind, and StopDeployment on * only."""
    return [
        *(
            allow(
                f"Deliver{number}",
                [f"codedeploy:{call}" for call in calls],
                [_format_arn(account.arn("codedeploy", on), account, stack)],
            )
            for number, (on, calls) in enumerate(_CANARY_DEPLOYMENTS, start=1)
        ),
        allow("StopDelivery", ["codedeploy:StopDeployment"], ["*"]),
    ]


def _statements(
    rows: Iterable[Permissions], account: Account, stack: str, *, deleting: bool = False
) -> list[PolicyStatement]:
    """Return the statements to read a stack's resources, and to change or only to delete them."""
    by_arn: dict[str, set[str]] = defaultdict(set)
    anywhere: set[str] = set()
    for row in (each for listed in rows for each in listed.each()):
        anywhere |= (row.deleting_anywhere if deleting else row.changing_anywhere) | row.reading_anywhere
        for arn in row.on:
            by_arn[_format_arn(arn, account, stack)] |= (row.deleting if deleting else row.changing) | row.reading
    keys = f"arn:aws:kms:*:{account.id}:key/*"
    key_calls = by_arn.pop(keys, set())
    statements = [*_merge_by_actions(by_arn), allow("Anywhere", sorted(anywhere - {"kms:CreateKey"}), ["*"])]
    if key_calls and deleting:
        statements.append(allow("OwnKeys", sorted(key_calls), [keys], _tag_condition(account, stack, "Resource")))
    elif key_calls:
        statements += _key_statements(key_calls, keys, account, stack)
    return statements


def _key_statements(calls: set[str], keys: str, account: Account, stack: str) -> list[PolicyStatement]:
    """Return the statements that allow `calls` on the KMS keys with the stack's tags, and their creation.

    The ARN of a key does not name its stack, so the tags control which role can change it:

    - CreateKey sends the tags, and KMS authorizes TagResource for it by a policy that names no particular key
      (docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html): there is no key yet, and no aws:ResourceTag.
      PutKeyPolicy is allowed with it, because CreateKey refuses a policy that its caller could not put again.
    - Tags may take five minutes to count (docs.aws.amazon.com/kms/latest/developerguide/abac.html). What the provider
      calls right after the creation, without another try, is therefore allowed on every key. It does not affect the
      owner of a key, and the boundary denies it on the bootstrap's keys.
    - Existing keys may be tagged only if they have the stack's tags already. An untagged key has another owner.
    """
    project, stack_tag = account.project, "StringNotLike" if "*" in stack else "StringNotEquals"
    return [
        allow("CreateKeys", list(_WITH_CREATION), ["*"], _tag_condition(account, stack, "Request")),
        allow("NewKeys", sorted(calls & _RIGHT_AFTER_CREATION), [keys]),
        allow("OwnKeys", sorted(calls - _RIGHT_AFTER_CREATION), [keys], _tag_condition(account, stack, "Resource")),
        deny("OthersKeys", list(_TAGGING), [keys], {"StringNotEquals": {"aws:ResourceTag/project": project}}),
        deny("OtherStacksKeys", list(_TAGGING), [keys], {stack_tag: {"aws:ResourceTag/stack": stack}}),
        *(
            deny(
                sid,
                ["kms:TagResource"],
                ["*"],
                {"Null": {f"aws:RequestTag/{tag}": "false"}, operator: {f"aws:RequestTag/{tag}": value}},
            )
            for sid, tag, operator, value in (
                ("OthersProject", "project", "StringNotEquals", project),
                ("OthersStack", "stack", stack_tag, stack),
            )
        ),
    ]


def _tag_condition(account: Account, stack: str, tagged: str) -> Condition:
    project, tag = {f"aws:{tagged}Tag/project": account.project}, f"aws:{tagged}Tag/stack"
    if stack == REVIEWS:
        return {"StringEquals": project, "StringLike": {tag: stack}}
    return {"StringEquals": {**project, tag: stack}}


def _format_arn(arn: str, account: Account, stack: str) -> str:
    return arn.format(account=account.id, region=account.region, project=account.project, stack=stack)


def _merge_by_actions(by_arn: Mapping[str, Iterable[str]]) -> list[PolicyStatement]:
    """Return one statement for all ARNs with the same actions, numbered in the order of the first."""
    arns: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for arn, calls in by_arn.items():
        if calls:
            arns[tuple(sorted(calls))].append(arn)
    return [allow(f"Part{number}", list(calls), on) for number, (calls, on) in enumerate(arns.items(), start=1)]

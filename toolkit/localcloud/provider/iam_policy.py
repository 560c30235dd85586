"""IAM's managed policies and their attachment to roles."""

import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, tag_list, tag_map, to_aws
from toolkit.localcloud.provider.iam import document

POLICY = {"name": "PolicyName", "description": "Description", "path": "Path"}


def _create_policy(aws: Aws, wanted: Properties) -> str:
    text = document(wanted["policy"])
    answer = aws.client("iam").create_policy(
        PolicyDocument=text, Tags=tag_list(wanted["tagsAll"]), **to_aws(wanted, POLICY)
    )
    return str(answer["Policy"]["Arn"])


def _read_policy(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    iam = aws.client("iam")
    answer = unless_gone(iam.get_policy, PolicyArn=arn)
    if answer is None:
        return None
    policy = answer["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        **from_aws({key: value for key, value in policy.items() if value != ""}, POLICY),
        "arn": arn,
        "policyId": policy["PolicyId"],
        "policy": json.dumps(version["Document"]),
        "tagsAll": tag_map(iam.list_policy_tags(PolicyArn=arn)["Tags"]),
    }


def _update_policy(aws: Aws, arn: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    """Make a new version the one in force; of the five that IAM keeps, the others are not needed any more."""
    iam = aws.client("iam")
    _forget_old_versions(iam, arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(wanted["policy"]), SetAsDefault=True)


def _forget_old_versions(iam: Any, arn: str) -> None:
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])


def _delete_policy(aws: Aws, arn: str, _outputs: Properties) -> None:
    iam = aws.client("iam")
    _forget_old_versions(iam, arn)
    iam.delete_policy(PolicyArn=arn)


def _tags(aws: Aws, arn: str, _state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    aws.client("iam").tag_policy(PolicyArn=arn, Tags=tag_list(tags))
    if gone:
        aws.client("iam").untag_policy(PolicyArn=arn, TagKeys=gone)


def _attach(aws: Aws, wanted: Properties) -> str:
    aws.client("iam").attach_role_policy(RoleName=wanted["role"], PolicyArn=wanted["policyArn"])
    return f"{wanted['role']}/{wanted['policyArn']}"


def _read_attachment(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    role, _, arn = resource_id.partition("/")
    answer = unless_gone(aws.client("iam").list_attached_role_policies, RoleName=role)
    attached = {policy["PolicyArn"] for policy in answer["AttachedPolicies"]} if answer else set()
    return {"role": role, "policyArn": arn} if arn in attached else None


def _detach(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    role, _, arn = resource_id.partition("/")
    aws.client("iam").detach_role_policy(RoleName=role, PolicyArn=arn)


ENTRIES = (
    Entry(
        type="aws:iam/policy:Policy",
        inputs=frozenset(POLICY) | {"policy", "namePrefix", "tags"},
        required=frozenset({"policy"}),
        replaced_by=frozenset({"name", "namePrefix", "description", "path"}),
        name_property="name",
        tags=_tags,
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
    ),
    Entry(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs=frozenset({"role", "policyArn"}),
        required=frozenset({"role", "policyArn"}),
        create=_attach,
        read=_read_attachment,
        delete=_detach,
    ),
)

"""IAM roles and their inline policies."""

import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, tag_list, tag_map, to_aws

ROLE = {
    "name": "RoleName",
    "description": "Description",
    "maxSessionDuration": "MaxSessionDuration",
    "path": "Path",
    "permissionsBoundary": "PermissionsBoundary",
}


def document(policy: Any) -> str:
    """A policy document as JSON text; programs give text or data."""
    return policy if isinstance(policy, str) else json.dumps(policy)


def _create_role(aws: Aws, wanted: Properties) -> str:
    trust = document(wanted["assumeRolePolicy"])
    aws.client("iam").create_role(
        AssumeRolePolicyDocument=trust, Tags=tag_list(wanted["tagsAll"]), **to_aws(wanted, ROLE)
    )
    return str(wanted["name"])


def _attach(aws: Aws, name: str, wanted: Properties) -> None:
    for arn in wanted.get("managedPolicyArns", ()):
        aws.client("iam").attach_role_policy(RoleName=name, PolicyArn=arn)


def _read_role(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    iam = aws.client("iam")
    answer = unless_gone(iam.get_role, RoleName=name)
    if answer is None:
        return None
    role = answer["Role"]
    boundary = role.pop("PermissionsBoundary", None)
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    return {
        **from_aws(role, ROLE),
        **({"permissionsBoundary": boundary["PermissionsBoundaryArn"]} if boundary else {}),
        "arn": role["Arn"],
        "uniqueId": role["RoleId"],
        "createDate": role["CreateDate"].isoformat(),
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "managedPolicyArns": [policy["PolicyArn"] for policy in attached],
        "tagsAll": tag_map(iam.list_role_tags(RoleName=name)["Tags"]),
    }


def _update_role(aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    iam = aws.client("iam")
    if "assumeRolePolicy" in changed:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=document(wanted["assumeRolePolicy"]))
    if changed & {"description", "maxSessionDuration"}:
        told = {"description": "", "maxSessionDuration": 3600, **wanted}
        iam.update_role(RoleName=name, Description=told["description"], MaxSessionDuration=told["maxSessionDuration"])
    if "permissionsBoundary" in changed:
        boundary = wanted.get("permissionsBoundary")
        if boundary:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
        else:
            iam.delete_role_permissions_boundary(RoleName=name)
    if "managedPolicyArns" in changed:
        before, after = set(state["managedPolicyArns"]), set(wanted.get("managedPolicyArns", ()))
        for arn in after - before:
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in before - after:
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)


def _delete_role(aws: Aws, name: str, _outputs: Properties) -> None:
    iam = aws.client("iam")
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def _tags(aws: Aws, name: str, _state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    aws.client("iam").tag_role(RoleName=name, Tags=tag_list(tags))
    if gone:
        aws.client("iam").untag_role(RoleName=name, TagKeys=gone)


def _put_policy(aws: Aws, wanted: Properties) -> str:
    text = document(wanted["policy"])
    aws.client("iam").put_role_policy(RoleName=wanted["role"], PolicyName=wanted["name"], PolicyDocument=text)
    return f"{wanted['role']}:{wanted['name']}"


def _read_policy(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    role, _, name = resource_id.partition(":")
    answer = unless_gone(aws.client("iam").get_role_policy, RoleName=role, PolicyName=name)
    if answer is None:
        return None
    return {"role": role, "name": name, "policy": json.dumps(answer["PolicyDocument"])}


def _delete_policy(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    role, _, name = resource_id.partition(":")
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


ENTRIES = (
    Entry(
        type="aws:iam/role:Role",
        inputs=frozenset(ROLE) | {"assumeRolePolicy", "managedPolicyArns", "namePrefix", "forceDetachPolicies", "tags"},
        required=frozenset({"assumeRolePolicy"}),
        replaced_by=frozenset({"name", "namePrefix", "path"}),
        name_property="name",
        tags=_tags,
        create=_create_role,
        settle=_attach,
        read=_read_role,
        update=_update_role,
        delete=_delete_role,
    ),
    Entry(
        type="aws:iam/rolePolicy:RolePolicy",
        inputs=frozenset({"role", "name", "namePrefix", "policy"}),
        required=frozenset({"role", "policy"}),
        replaced_by=frozenset({"role", "name", "namePrefix"}),
        name_property="name",
        create=_put_policy,
        read=_read_policy,
        update=lambda aws, _id, _state, wanted, _changed: _put_policy(aws, wanted),
        delete=_delete_policy,
    ),
)

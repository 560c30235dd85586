"""IAM roles and their inline policies, managed policies with the roles that have them, OpenID Connect providers."""

import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import document, from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import iam as types

ROLE = {
    "name": "RoleName",
    "description": "Description",
    "maxSessionDuration": "MaxSessionDuration",
    "path": "Path",
    "permissionsBoundary": "PermissionsBoundary",
}


def _create_role(aws: Aws, wanted: Properties) -> str:
    trust = document(wanted["assumeRolePolicy"])
    aws.client("iam").create_role(
        AssumeRolePolicyDocument=trust, Tags=tag_list(wanted["tagsAll"]), **to_aws(wanted, ROLE)
    )
    return str(wanted["name"])


def _attach_managed(aws: Aws, name: str, wanted: Properties) -> None:
    for arn in wanted.get("managedPolicyArns", ()):
        aws.client("iam").attach_role_policy(RoleName=name, PolicyArn=arn)


def _read_role(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    iam = aws.client("iam")
    response = found_or_none(iam.get_role, RoleName=name)
    if response is None:
        return None
    role = response["Role"]
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
        settings = {"description": "", "maxSessionDuration": 3600, **wanted}
        iam.update_role(
            RoleName=name, Description=settings["description"], MaxSessionDuration=settings["maxSessionDuration"]
        )
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


def _role_tags(aws: Aws, name: str, _state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    aws.client("iam").tag_role(RoleName=name, Tags=tag_list(tags))
    if removed:
        aws.client("iam").untag_role(RoleName=name, TagKeys=removed)


def _put_role_policy(aws: Aws, wanted: Properties) -> str:
    text = document(wanted["policy"])
    aws.client("iam").put_role_policy(RoleName=wanted["role"], PolicyName=wanted["name"], PolicyDocument=text)
    return f"{wanted['role']}:{wanted['name']}"


def _read_role_policy(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    role, _, name = resource_id.partition(":")
    response = found_or_none(aws.client("iam").get_role_policy, RoleName=role, PolicyName=name)
    if response is None:
        return None
    return {"role": role, "name": name, "policy": json.dumps(response["PolicyDocument"])}


def _delete_role_policy(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    role, _, name = resource_id.partition(":")
    aws.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


POLICY = {"name": "PolicyName", "description": "Description", "path": "Path"}


def _create_policy(aws: Aws, wanted: Properties) -> str:
    text = document(wanted["policy"])
    response = aws.client("iam").create_policy(
        PolicyDocument=text, Tags=tag_list(wanted["tagsAll"]), **to_aws(wanted, POLICY)
    )
    return str(response["Policy"]["Arn"])


def _read_policy(aws: Aws, arn: str, _known: Properties) -> dict[str, Any] | None:
    iam = aws.client("iam")
    response = found_or_none(iam.get_policy, PolicyArn=arn)
    if response is None:
        return None
    policy = response["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        **from_aws({key: value for key, value in policy.items() if value != ""}, POLICY),
        "arn": arn,
        "policyId": policy["PolicyId"],
        "policy": json.dumps(version["Document"]),
        "tagsAll": tag_map(iam.list_policy_tags(PolicyArn=arn)["Tags"]),
    }


def _update_policy(aws: Aws, arn: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    """Create a new default version and delete the others, of which IAM keeps five at most."""
    iam = aws.client("iam")
    _delete_old_versions(iam, arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(wanted["policy"]), SetAsDefault=True)


def _delete_old_versions(iam: Any, arn: str) -> None:
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])


def _delete_policy(aws: Aws, arn: str, _outputs: Properties) -> None:
    iam = aws.client("iam")
    _delete_old_versions(iam, arn)
    iam.delete_policy(PolicyArn=arn)


def _policy_tags(aws: Aws, arn: str, _state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    aws.client("iam").tag_policy(PolicyArn=arn, Tags=tag_list(tags))
    if removed:
        aws.client("iam").untag_policy(PolicyArn=arn, TagKeys=removed)


def _attach(aws: Aws, wanted: Properties) -> str:
    aws.client("iam").attach_role_policy(RoleName=wanted["role"], PolicyArn=wanted["policyArn"])
    return f"{wanted['role']}/{wanted['policyArn']}"


def _read_attachment(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    role, _, arn = resource_id.partition("/")
    response = found_or_none(aws.client("iam").list_attached_role_policies, RoleName=role)
    attached = {policy["PolicyArn"] for policy in response["AttachedPolicies"]} if response else set()
    return {"role": role, "policyArn": arn} if arn in attached else None


def _detach(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    role, _, arn = resource_id.partition("/")
    aws.client("iam").detach_role_policy(RoleName=role, PolicyArn=arn)


def _create_oidc_provider(aws: Aws, wanted: Properties) -> str:
    response = aws.client("iam").create_open_id_connect_provider(
        Url=wanted["url"],
        ClientIDList=list(wanted["clientIdLists"]),
        ThumbprintList=list(wanted.get("thumbprintLists") or ()),
        Tags=tag_list(wanted["tagsAll"]),
    )
    return str(response["OpenIDConnectProviderArn"])


def _read_oidc_provider(aws: Aws, arn: str, known: Properties) -> dict[str, Any] | None:
    iam = aws.client("iam")
    found = found_or_none(iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
    if found is None:
        return None
    url = str(known.get("url") or found["Url"])
    return {
        "arn": arn,
        "url": url if url.removeprefix("https://") == found["Url"] else found["Url"],  # AWS omits the scheme
        "clientIdLists": found["ClientIDList"],
        "thumbprintLists": found["ThumbprintList"],
        "tagsAll": tag_map(iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=arn)["Tags"]),
    }


def _update_oidc_provider(aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    if "thumbprintLists" in changed:
        aws.client("iam").update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=arn, ThumbprintList=list(wanted.get("thumbprintLists") or ())
        )


def _oidc_provider_tags(aws: Aws, arn: str, _state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    iam = aws.client("iam")
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=tag_list(tags))
    if removed:
        iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=removed)


def _delete_oidc_provider(aws: Aws, arn: str, _outputs: Properties) -> None:
    aws.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


ENTRIES = (
    Entry(
        type=types.ROLE,
        inputs=frozenset(ROLE) | {"assumeRolePolicy", "managedPolicyArns", "namePrefix", "forceDetachPolicies", "tags"},
        required=frozenset({"assumeRolePolicy"}),
        name_property="name",
        tags=_role_tags,
        create=_create_role,
        after_create=_attach_managed,
        read=_read_role,
        update=_update_role,
        delete=_delete_role,
    ),
    Entry(
        type=types.ROLE_POLICY,
        inputs=frozenset({"role", "name", "namePrefix", "policy"}),
        required=frozenset({"role", "policy"}),
        name_property="name",
        create=_put_role_policy,
        read=_read_role_policy,
        update=lambda aws, _id, _state, wanted, _changed: _put_role_policy(aws, wanted),
        delete=_delete_role_policy,
    ),
    Entry(
        type=types.POLICY,
        inputs=frozenset(POLICY) | {"policy", "namePrefix", "tags"},
        required=frozenset({"policy"}),
        name_property="name",
        tags=_policy_tags,
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
    ),
    Entry(
        type=types.ROLE_ATTACHMENT,
        inputs=frozenset({"role", "policyArn"}),
        required=frozenset({"role", "policyArn"}),
        create=_attach,
        read=_read_attachment,
        delete=_detach,
    ),
    Entry(
        type=types.OIDC_PROVIDER,
        inputs=frozenset({"url", "clientIdLists", "thumbprintLists", "tags"}),
        required=frozenset({"url", "clientIdLists"}),
        recreated_by=frozenset({"clientIdLists"}),  # moto adds and removes no client
        tags=_oidc_provider_tags,
        create=_create_oidc_provider,
        read=_read_oidc_provider,
        update=_update_oidc_provider,
        delete=_delete_oidc_provider,
    ),
)

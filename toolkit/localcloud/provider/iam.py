"""IAM roles and their inline policies, managed policies with the roles that have them, OpenID Connect providers."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.shapes import document
from toolkit.resource_types import iam as types


class _Role(Entry):
    def after_create(self, aws: Aws, name: str, wanted: Properties) -> None:
        for arn in wanted.get("managedPolicyArns", ()):
            aws.client("iam").attach_role_policy(RoleName=name, PolicyArn=arn)

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        boundary = found.get("permissionsBoundary")
        return {
            "managedPolicyArns": _attached_policies(aws, found["name"]),
            "permissionsBoundary": boundary and boundary["permissionsBoundaryArn"],
        }

    def update(self, aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        iam = aws.client("iam")
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=document(wanted["assumeRolePolicy"]))
        if changed & {"description", "maxSessionDuration"}:
            super().update(aws, name, state, wanted, changed)
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

    def delete(self, aws: Aws, name: str, outputs: Properties) -> None:
        for arn in _attached_policies(aws, name):
            aws.client("iam").detach_role_policy(RoleName=name, PolicyArn=arn)
        super().delete(aws, name, outputs)


def _attached_policies(aws: Aws, role: str) -> list[str]:
    listed = aws.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in listed]


class _Policy(Entry):
    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        properties = {"arn": found["arn"], "versionId": found["defaultVersionId"]}
        return {"policy": self.call(aws, "get_policy_version", properties)["policyVersion"]["document"]}

    def update(self, aws: Aws, arn: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        """Create a new default version and delete the others, of which IAM keeps five at most."""
        self._delete_old_versions(aws, arn)
        self.call(aws, "create_policy_version", {**wanted, "arn": arn}, SetAsDefault=True)

    def delete(self, aws: Aws, arn: str, outputs: Properties) -> None:
        self._delete_old_versions(aws, arn)
        super().delete(aws, arn, outputs)

    def _delete_old_versions(self, aws: Aws, arn: str) -> None:
        iam = aws.client("iam")
        for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])


class _Attachment(Entry):
    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        attached = found_or_none(_attached_policies, aws, where["role"]) or ()
        return {} if where["policyArn"] in attached else None


class _OidcProvider(Entry):
    def computed(self, _aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        given = str(known.get("url", ""))
        return {
            "url": given if given.removeprefix("https://") == found["url"] else found["url"]
        }  # AWS omits the scheme


ENTRIES = (
    _Role(
        type=types.ROLE,
        service="iam",
        noun="role",
        result="role",
        names={"RoleName": "name", "AssumeRolePolicyDocument": "assumeRolePolicy", "RoleId": "uniqueId"},
        inputs=frozenset({"name", "description", "maxSessionDuration", "path", "permissionsBoundary"})
        | {"assumeRolePolicy", "managedPolicyArns", "namePrefix", "forceDetachPolicies", "tags"},
        required=frozenset({"assumeRolePolicy"}),
        outputs=frozenset({"arn", "uniqueId", "createDate"}),
        update_defaults={"description": "", "maxSessionDuration": 3600},
        tag_calls=("tag_role", "untag_role", "list_role_tags"),
    ),
    Entry(
        type=types.ROLE_POLICY,
        service="iam",
        noun="role_policy",
        create_call="put_{noun}",
        update_call="put_{noun}",
        id="{role}:{name}",
        names={"RoleName": "role", "PolicyName": "name", "PolicyDocument": "policy"},
        inputs=frozenset({"role", "name", "namePrefix", "policy"}),
        required=frozenset({"role", "policy"}),
    ),
    _Policy(
        type=types.POLICY,
        service="iam",
        noun="policy",
        result="policy",
        id="{arn}",
        names={"PolicyName": "name", "PolicyDocument": "policy", "PolicyArn": "arn"},
        inputs=frozenset({"name", "description", "path", "policy", "namePrefix", "tags"}),
        required=frozenset({"policy"}),
        outputs=frozenset({"arn", "policyId"}),
        empty_is_unset=True,
        tag_calls=("tag_policy", "untag_policy", "list_policy_tags"),
    ),
    _Attachment(
        type=types.ROLE_ATTACHMENT,
        service="iam",
        noun="role_policy",
        create_call="attach_{noun}",
        update_call=None,
        delete_call="detach_{noun}",
        id="{role}/{policyArn}",
        names={"RoleName": "role"},
        inputs=frozenset({"role", "policyArn"}),
        required=frozenset({"role", "policyArn"}),
    ),
    _OidcProvider(
        type=types.OIDC_PROVIDER,
        service="iam",
        noun="open_id_connect_provider",
        update_call="update_{noun}_thumbprint",
        id="{arn}",
        names={
            "ClientIDList": "clientIdLists",
            "ThumbprintList": "thumbprintLists",
            "OpenIDConnectProviderArn": "arn",
        },
        inputs=frozenset({"url", "clientIdLists", "thumbprintLists", "tags"}),
        required=frozenset({"url", "clientIdLists"}),
        outputs=frozenset({"arn"}),
        defaults={"thumbprintLists": []},
        recreated_by=frozenset({"clientIdLists"}),  # moto adds and removes no client
        tag_calls=(
            "tag_open_id_connect_provider",
            "untag_open_id_connect_provider",
            "list_open_id_connect_provider_tags",
        ),
    ),
)

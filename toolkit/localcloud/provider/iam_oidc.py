"""Those outside AWS whose word an account believes: OpenID Connect providers."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import tag_list, tag_map


def _create(aws: Aws, wanted: Properties) -> str:
    answer = aws.client("iam").create_open_id_connect_provider(
        Url=wanted["url"],
        ClientIDList=list(wanted["clientIdLists"]),
        ThumbprintList=list(wanted.get("thumbprintLists") or ()),
        Tags=tag_list(wanted["tagsAll"]),
    )
    return str(answer["OpenIDConnectProviderArn"])


def _read(aws: Aws, arn: str, known: Properties) -> dict[str, Any] | None:
    iam = aws.client("iam")
    found = unless_gone(iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
    if found is None:
        return None
    url = str(known.get("url") or found["Url"])
    return {
        "arn": arn,
        "url": url if url.removeprefix("https://") == found["Url"] else found["Url"],  # AWS leaves the scheme out
        "clientIdLists": found["ClientIDList"],
        "thumbprintLists": found["ThumbprintList"],
        "tagsAll": tag_map(iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=arn)["Tags"]),
    }


def _update(aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    if "thumbprintLists" in changed:
        aws.client("iam").update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=arn, ThumbprintList=list(wanted.get("thumbprintLists") or ())
        )


def _tags(aws: Aws, arn: str, _state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    iam = aws.client("iam")
    iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=tag_list(tags))
    if gone:
        iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=gone)


def _delete(aws: Aws, arn: str, _outputs: Properties) -> None:
    aws.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


ENTRIES = (
    Entry(
        type="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        inputs=frozenset({"url", "clientIdLists", "thumbprintLists", "tags"}),
        required=frozenset({"url", "clientIdLists"}),
        # AWS adds and removes clients one by one; moto knows neither call, so another list is another provider here.
        replaced_by=frozenset({"url", "clientIdLists"}),
        tags=_tags,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
    ),
)

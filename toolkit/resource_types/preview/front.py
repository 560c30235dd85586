"""What AWS would say of all that stands before an API: names, certificates, records, distributions, firewalls."""

from collections.abc import Mapping

from toolkit.resource_types.preview.new import Imagine, New, part
from toolkit.stacks.provider import Created


def _domain_name(new: New) -> Created:
    name = str(new.inputs["domainName"])
    target = f"d-{new.token(10)}.execute-api.{new.region}.amazonaws.com"
    computed = {"targetDomainName": target, "hostedZoneId": f"Z{new.token(13, 'zone').upper()}"}
    return Created(
        name,
        {
            "arn": new.arn("apigateway", f"/domainnames/{name}", account=False),
            "domainNameConfiguration": {**new.inputs["domainNameConfiguration"], **computed},
        },
    )


def _certificate(new: New) -> Created:
    arn, domain = new.arn("acm", f"certificate/{new.uuid()}"), str(new.inputs["domainName"])
    proof = {
        "domainName": domain,
        "resourceRecordName": f"_{new.token(32, 'name')}.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{new.token(32, 'value')}.{new.token(10, 'label')}.acm-validations.aws.",
    }
    return Created(arn, {"arn": arn, "status": "PENDING_VALIDATION", "domainValidationOptions": [proof]})


def _record(new: New) -> Created:
    name = str(new.inputs["name"]).rstrip(".")
    return Created(f"{new.inputs['zoneId']}_{name}_{new.inputs['type']}", {"name": name, "fqdn": name})


def _distribution(new: New) -> Created:
    identity = f"E{new.token(13).upper()}"
    return Created(
        identity,
        {
            "arn": new.arn("cloudfront", f"distribution/{identity}", region=False),
            "domainName": f"d{new.token(13, 'domain')}.cloudfront.net",
            "hostedZoneId": "Z2FDTNDATAQYW2",  # of every distribution
        },
    )


def _response_headers_policy(new: New) -> Created:
    return Created(new.uuid(), {"name": new.named()})


def _web_acl(new: New) -> Created:
    name, identity = new.named(), new.uuid()
    return Created(identity, {"name": name, "arn": new.arn("wafv2", f"global/webacl/{name}/{identity}")})


def _web_acl_logging(new: New) -> Created:
    return Created(str(new.inputs["resourceArn"]))


def _log_delivery_source(new: New) -> Created:
    name = str(new.inputs["name"])
    return Created(name, {"arn": new.arn("logs", f"delivery-source:{name}"), "service": "cloudfront"})


def _log_delivery_destination(new: New) -> Created:
    name = str(new.inputs["name"])
    return Created(name, {"arn": new.arn("logs", f"delivery-destination:{name}"), "deliveryDestinationType": "CWL"})


def _log_delivery(new: New) -> Created:
    identity = new.token(16)
    return Created(identity, {"arn": new.arn("logs", f"delivery:{identity}")})


BY_TYPE: Mapping[str, Imagine] = {
    "aws:acm/certificate:Certificate": _certificate,
    "aws:acm/certificateValidation:CertificateValidation": part,
    "aws:apigatewayv2/apiMapping:ApiMapping": part,
    "aws:apigatewayv2/domainName:DomainName": _domain_name,
    "aws:cloudfront/distribution:Distribution": _distribution,
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _response_headers_policy,
    "aws:cloudwatch/logDelivery:LogDelivery": _log_delivery,
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": _log_delivery_destination,
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": _log_delivery_source,
    "aws:route53/record:Record": _record,
    "aws:wafv2/webAcl:WebAcl": _web_acl,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": _web_acl_logging,
}

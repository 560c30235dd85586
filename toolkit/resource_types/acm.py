"""Resource types of AWS Certificate Manager."""

from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import HOLDS_NOTHING, ResourceType

CERTIFICATE = "aws:acm/certificate:Certificate"
CERTIFICATE_VALIDATION = "aws:acm/certificateValidation:CertificateValidation"

_CERTIFICATES = ("arn:aws:acm:*:{account}:certificate/*",)


def _certificate(new: NewResource) -> PreviewOutputs:
    arn, domain = new.arn("acm", f"certificate/{new.uuid()}"), str(new.inputs["domainName"])
    proof = {
        "domainName": domain,
        "resourceRecordName": f"_{new.token(32, 'name')}.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{new.token(32, 'value')}.{new.token(10, 'label')}.acm-validations.aws.",
    }
    return PreviewOutputs(arn, {"arn": arn, "status": "PENDING_VALIDATION", "domainValidationOptions": [proof]})


TYPES = (
    ResourceType(
        CERTIFICATE,
        replaced_by=(
            "certificateAuthorityArn",
            "domainName",
            "keyAlgorithm",
            "subjectAlternativeNames",
            "validationMethod",
            "validationOptions",
        ),
        data=HOLDS_NOTHING,
        preview=_certificate,
        permissions=Permissions(
            on=_CERTIFICATES,
            update="UpdateCertificateOptions AddTagsToCertificate RemoveTagsFromCertificate",
            delete="DeleteCertificate",
            read="DescribeCertificate ListTagsForCertificate",
            change_anywhere="RequestCertificate",
        ),
    ),
    ResourceType(
        CERTIFICATE_VALIDATION,
        replaced_by=("certificateArn", "validationRecordFqdns"),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=Permissions(on=_CERTIFICATES, read="DescribeCertificate"),
        free="waits for a public certificate, which is free",
        no_rule="only waits until a certificate is issued",
    ),
)

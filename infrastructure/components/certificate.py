"""A certificate with DNS validation."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """The domain name, its hosted zone, and the region of the certificate."""

    domain: str
    zone_id: str
    region: str


@final
class Certificate(pulumi.ComponentResource):
    """A certificate for one domain name, which AWS renews as long as its validation record exists.

    Creates: aws.acm.Certificate, aws.route53.Record, aws.acm.CertificateValidation.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: CertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:network:Certificate", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name=args.domain,
            validation_method="DNS",
            key_algorithm="RSA_2048",  # API Gateway and CloudFront both accept it
            region=args.region,
            opts=child,
        )
        validation = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-proof",
            zone_id=args.zone_id,
            name=validation.resource_record_name,
            type=validation.resource_record_type,
            records=[validation.resource_record_value],
            ttl=300,
            opts=child,
        )
        validated = aws.acm.CertificateValidation(
            f"{name}-validated",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            region=args.region,
            opts=child,
        )
        self.arn = validated.certificate_arn  # available after the validation
        self.register_outputs({"arn": self.arn})

"""The certificate of a name, proved through the zone that holds the name."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """The name, the Route 53 zone that holds it, and where the certificate is used."""

    domain: str
    zone_id: str
    region: str


@final
class Certificate(pulumi.ComponentResource):
    """A certificate for one name, renewed by AWS as long as the record that proves the name stands.

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
            key_algorithm="RSA_2048",  # the one that API Gateway and CloudFront both take
            region=args.region,
            opts=child,
        )
        proof = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-proof",
            zone_id=args.zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
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
        self.arn = validated.certificate_arn  # once it may be used
        self.register_outputs({"arn": self.arn})

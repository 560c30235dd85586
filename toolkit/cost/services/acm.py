"""The charges of certificates."""

from toolkit.cost.demand import Demands, Gap
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.acm import CERTIFICATE
from toolkit.stacks.inputs import Inputs


def meter_certificate(certificate: Inputs, _traffic: Traffic) -> Demands:
    """Meter nothing for a public certificate that is not exportable."""
    if certificate.has("certificateAuthorityArn") or certificate.text("options.export") == "ENABLED":
        yield Gap(certificate, "exportable certificates, and those of a private authority, have a price")


SERVICES = {CERTIFICATE: meter_certificate}

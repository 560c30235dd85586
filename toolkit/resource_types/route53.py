"""Resource types of Amazon Route 53."""

RECORD = "aws:route53/record:Record"
ZONE = "aws:route53/zone:Zone"

"""Resource types of AWS CloudTrail."""

TRAIL = "aws:cloudtrail/trail:Trail"

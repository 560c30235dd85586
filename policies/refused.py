"""Controls that no rule here answers on purpose: those we refuse, and those that no program of a stack could meet."""

from dataclasses import dataclass

from policies.controls import Control, controls


@dataclass(frozen=True)
class Unanswered:
    """Controls with the one reason why no rule answers to them."""

    controls: tuple[Control, ...]
    asks: str
    """What the controls want."""
    reason: str


REFUSED: tuple[Unanswered, ...] = (
    Unanswered(
        controls("NIST: Lambda.3; CHECKOV: CKV_AWS_117"),
        "Every function runs in a VPC.",
        "The function calls AWS's own endpoints alone, where IAM decides; a VPC would add a NAT gateway for $38 a "
        "month (in eu-central-1) and slower starts, and protect nothing. One that has a VPC must span two zones: "
        "lambda-vpc-multi-az.",
    ),
    Unanswered(
        controls("CHECKOV: CKV_AWS_338"),
        "Every log is kept for a year or longer.",
        "Requests are logged with who called; a year of that costs, and keeps personal data longer than anybody needs. "
        "loggroup-retention bounds the time at both ends; what audits read is the account's trail.",
    ),
    Unanswered(
        controls("NAG: APIG2, APIG3, APIG6"),
        "Request validators, a web ACL and method logging on every stage of a REST API.",
        "They speak of REST APIs, which an HTTP API is not: the service validates each request itself, waf-in-front "
        "asks for a web ACL at the edge, and apigw-access-logs for one line per request.",
    ),
    Unanswered(
        controls("NIST: DynamoDB.4"),
        "Every table is part of a backup plan.",
        "Each table can be restored to any second of the last 35 days: dynamodb-pitr. Who must survive the "
        "loss of a whole account needs a backup plan in another one, which is not a stack's to make.",
    ),
    Unanswered(
        controls("NIST: S3.7; CHECKOV: CKV_AWS_144"),
        "Every bucket is replicated to another region.",
        "Customers' data stays in the one region that the settings name; s3-versioning guards against overwriting.",
    ),
    Unanswered(
        controls("NIST: S3.11; CHECKOV: CKV2_AWS_62"),
        "Every bucket sends event notifications.",
        "Nothing listens to them; a notification without a reader is noise.",
    ),
)

OUT_OF_REACH: tuple[Unanswered, ...] = (
    Unanswered(
        controls("FSBP: IAM.4, IAM.6; CIS3: 1.4, 1.5, 1.6; CIS5: 1.3, 1.4, 1.5"),
        "The root user has no access key, and a second factor made of hardware.",
        "Only the root user itself can set these up.",
    ),
    Unanswered(
        controls("FSBP: IAM.5, IAM.7, IAM.8; CIS3: 1.8, 1.9, 1.10, 1.12; CIS5: 1.7, 1.8, 1.9, 1.11"),
        "Passwords, second factors and unused keys of IAM users.",
        "iam-no-users keeps IAM users out of every stack; the account's password policy belongs to whoever owns it.",
    ),
    Unanswered(
        controls("CIS3: 1.17; CIS5: 1.16"),
        "A role for incidents with AWS Support.",
        "One for each account, made by whoever owns the support plan.",
    ),
    Unanswered(
        controls("CIS3: 1.20; CIS5: 1.19"),
        "IAM Access Analyzer in every region.",
        "One for each account or organization; a stack of a service would be the wrong owner.",
    ),
    Unanswered(
        controls("FSBP: Config.1; CIS3: 3.3; CIS5: 3.3"),
        "AWS Config records in every region.",
        "One recorder for each account and region; a stack that made one would collide with the next.",
    ),
    Unanswered(
        controls("CIS3: 4.16; CIS5: 4.16"),
        "Security Hub is on.",
        "Switched on for each account or organization; it judges what is deployed, this report what will be.",
    ),
    Unanswered(
        controls("FSBP: GuardDuty.1"),
        "GuardDuty is on.",
        "Switched on for each account or organization, and billed by what it reads there.",
    ),
    Unanswered(
        controls("FSBP: Account.1; CIS3: 1.1, 1.2; CIS5: 1.1, 1.2"),
        "Contacts of the account are there and current.",
        "The account's own data, which its owner keeps.",
    ),
    Unanswered(
        controls("CIS3: 2.1.2; CIS5: 2.1.2"),
        "Buckets delete versions with a second factor only.",
        "Only the root user can switch this on, by hand, and lifecycle rules stop working with it.",
    ),
)

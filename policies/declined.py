"""Controls that no rule answers on purpose: declined ones, those beyond a stack, and those of services not in use."""

from toolkit.policy.controls import Unanswered, controls

DECLINED: tuple[Unanswered, ...] = (
    Unanswered(
        controls("NIST: Lambda.3; CHECKOV: CKV_AWS_117; GUARD: lambda_inside_vpc"),
        "Every function runs in a VPC.",
        "The function calls AWS's own endpoints alone, where IAM decides; a VPC would add a NAT gateway for $38 a "
        "month (in eu-central-1) and slower starts, and protect nothing. One that has a VPC must span two zones: "
        "lambda-vpc-multi-az.",
    ),
    Unanswered(
        controls("CHECKOV: CKV_AWS_338"),
        "Every log is kept for a year or longer.",
        "Requests are logged with who called; a year of that costs, and keeps personal data longer than needed. "
        "loggroup-retention bounds the time at both ends; what audits read is the account's trail.",
    ),
    Unanswered(
        controls(
            "NAG: APIG2, APIG3, APIG6, COG4; FSBP: APIGateway.1, APIGateway.2, APIGateway.3, APIGateway.4, "
            "APIGateway.5, APIGateway.11; NAG_SERVERLESS: APIGWXrayEnabled"
        ),
        "Validators, a web ACL, execution logs, traces and TLS policies of REST APIs, stages, methods and names.",
        "These controls read REST APIs. An HTTP API has none of these properties; waf-in-front, apigw-access-logs, "
        "apigw-domain-tls12 and authorizer-matches-pool evaluate what takes their place.",
    ),
    Unanswered(
        controls("NIST: DynamoDB.4; GUARD: dynamodb_in_backup_plan"),
        "Every table is part of a backup plan.",
        "Each table can be restored to any second of the last 35 days: dynamodb-pitr. To survive the loss of a whole "
        "account, a backup plan in another account is needed, which a stack cannot make.",
    ),
    Unanswered(
        controls("NIST: S3.7; CHECKOV: CKV_AWS_144; GUARD: s3_bucket_replication_enabled"),
        "Every bucket is replicated to another region.",
        "Customers' data stays in the one region that the settings name; s3-versioning guards against overwriting.",
    ),
    Unanswered(
        controls("NIST: S3.11; CHECKOV: CKV2_AWS_62"),
        "Every bucket sends event notifications.",
        "No consumer exists for them.",
    ),
    Unanswered(
        controls("NIST: S3.15; CHECKOV: CKV_AWS_143; GUARD: s3_bucket_default_lock_enabled"),
        "Every bucket has Object Lock.",
        "A locked object cannot be deleted on a user's request before its retention ends. Versions and "
        "stateful-protected guard against loss, log file validation shows a changed trail.",
    ),
    Unanswered(
        controls("NIST: S3.22, S3.23; CIS3: 3.8, 3.9; CIS5: 3.8, 3.9; CIS7: 4.8, 4.9"),
        "The trail records each read and write of an object.",
        "Data events cost $0.10 per 100,000 (https://aws.amazon.com/cloudtrail/pricing/, read 2026-11-30). Objects are "
        "reached by presigned URLs only, and the API's access log names who asked for each.",
    ),
    Unanswered(
        controls("CHECKOV: CKV_AWS_252"),
        "The trail sends a message for each log file.",
        "It would send one every few minutes, too many to read. cloudtrail-watched sends the records to CloudWatch "
        "Logs, where filters raise alarms, and cloudtrail-validated shows missing or changed files.",
    ),
    Unanswered(
        controls("FSBP: CloudFront.1; CHECKOV: CKV_AWS_305"),
        "A distribution has a default root object.",
        "The origin is an API, which answers / itself; there is no object to name.",
    ),
    Unanswered(
        controls("FSBP: CloudFront.4; CHECKOV: CKV_AWS_310"),
        "A distribution fails over to a second origin.",
        "The one origin is a regional API that spans availability zones. A second region would need a copy of the "
        "data, which stays in one region; and CloudFront fails over for GET, HEAD and OPTIONS only.",
    ),
    Unanswered(
        controls("CHECKOV: CKV_AWS_374; NAG: CFR1"),
        "A distribution is restricted to some countries.",
        "Customers call from any country; who may call is decided by the token. A service for few countries sets "
        "geoRestriction.",
    ),
    Unanswered(
        controls("FSBP: CloudFront.12, CloudFront.17"),
        "Origins in S3 exist; viewers of private content send signed URLs or cookies.",
        "No origin is a bucket, and the authorizer of the API decides who may read.",
    ),
    Unanswered(
        controls("CHECKOV: CKV_AWS_233"),
        "A new certificate is made before the old one is deleted.",
        "A Terraform option. Pulumi creates a replacement first unless a resource sets deleteBeforeReplace.",
    ),
    Unanswered(
        controls("CHECKOV: CKV2_AWS_51"),
        "Callers of the API show a client certificate.",
        "Callers are browsers and programs with tokens, which the authorizer verifies: apigw-route-authorized.",
    ),
    Unanswered(
        controls("CHECKOV: CKV2_AWS_76, CKV2_AWS_77, CKV2_AWS_78"),
        "Web ACLs of load balancers, REST APIs and AppSync block Log4j lookups.",
        "A web ACL of these stacks belongs to CloudFront, for which CKV2_AWS_47 requires the same.",
    ),
    Unanswered(
        controls("NIST: SNS.2; NAG_SERVERLESS: SNSRedrivePolicy"),
        "Topics log each delivery, and subscriptions keep what could not be delivered.",
        "Subscribers are e-mail addresses, for which SNS logs no delivery status and a mail that bounces is not "
        "repaired by a queue.",
    ),
    Unanswered(
        controls("GUARD: iam_no_inline_policy_check"),
        "Roles have no inline policies.",
        "A policy that belongs to one role is deleted with it and cannot be attached elsewhere; "
        "iam-role-policies-apart keeps it a resource of its own, which every rule reads.",
    ),
)

BEYOND: tuple[Unanswered, ...] = (
    Unanswered(
        controls(
            "FSBP: IAM.4, IAM.6, IAM.9; CIS3: 1.4, 1.5, 1.6, 1.7; CIS5: 1.3, 1.4, 1.5, 1.6; CIS7: 2.4, 2.5, 2.6, 2.7"
        ),
        "The root user has no access key, a second factor made of hardware, and is not used.",
        "Only the root user itself can set these up.",
    ),
    Unanswered(
        controls(
            "FSBP: IAM.5, IAM.7, IAM.8, IAM.22; CIS3: 1.8, 1.9, 1.10, 1.11, 1.12, 1.13, 1.14; "
            "CIS5: 1.7, 1.8, 1.9, 1.10, 1.11, 1.12, 1.13; CIS7: 2.8, 2.9, 2.10, 2.11, 2.12"
        ),
        "Passwords, second factors and unused keys of IAM users.",
        "iam-no-users keeps IAM users out of every stack; the account's password policy is its owner's.",
    ),
    Unanswered(
        controls("CIS3: 1.17; CIS5: 1.16; CIS7: 2.15"),
        "A role for incidents with AWS Support.",
        "One for each account, made by the owner of the support plan.",
    ),
    Unanswered(
        controls("CIS3: 1.20; CIS5: 1.19; CIS7: 2.18"),
        "IAM Access Analyzer in every region.",
        "One for each account or organization; a stack of a service would be the wrong owner.",
    ),
    Unanswered(
        controls("CIS3: 1.21, 1.22; CIS5: 1.20, 1.21; CIS7: 2.19, 2.20"),
        "People are managed in one place, and few may use CloudShell.",
        "Set in the organization's identity provider; these stacks make no user.",
    ),
    Unanswered(
        controls("CIS7: 2.1.1, 2.1.2, 2.1.3, 2.1.4, 2.1.5, 2.1.6"),
        "Root access, guardrails, units and delegated administrators of AWS Organizations.",
        "Set in the management account, which no stack of this project reaches.",
    ),
    Unanswered(
        controls("FSBP: Config.1; CIS3: 3.3; CIS5: 3.3; CIS7: 4.3"),
        "AWS Config records in every region.",
        "One recorder for each account and region; a stack that made one would collide with the next.",
    ),
    Unanswered(
        controls("CIS3: 4.16; CIS5: 4.16; CIS7: 5.16"),
        "Security Hub is on.",
        "Switched on for each account or organization; it evaluates what is deployed, this report what will be.",
    ),
    Unanswered(
        controls("FSBP: GuardDuty.1, Macie.1; CIS3: 2.1.3; CIS5: 2.1.3; CIS7: 3.1.3"),
        "GuardDuty and Macie are on, and data in S3 is classified.",
        "Switched on for each account or organization, and billed by what they read there.",
    ),
    Unanswered(
        controls("FSBP: Account.1; CIS3: 1.1, 1.2, 1.3; CIS5: 1.1, 1.2; CIS7: 2.2, 2.3"),
        "Contacts and security questions of the account are there and current.",
        "The account's own data, which its owner keeps.",
    ),
    Unanswered(
        controls("FSBP: S3.1"),
        "S3 Block Public Access is on for the account.",
        "One setting for each account; s3-public-block requires it for every bucket.",
    ),
    Unanswered(
        controls("NIST: S3.20; CIS3: 2.1.2; CIS5: 2.1.2; CIS7: 3.1.2"),
        "Buckets delete versions with a second factor only.",
        "Only the root user can switch this on, by hand, and lifecycle rules stop working with it.",
    ),
    Unanswered(
        controls("FSBP: ACM.1, SecretsManager.2, SecretsManager.3"),
        "Certificates are renewed in time; rotations succeed; secrets are used.",
        "Facts of a running account, which change without a deployment: Security Hub reads them there.",
    ),
)

NOT_IN_USE: tuple[Unanswered, ...] = (
    Unanswered(
        controls("CIS3: 3.7, 5.1, 5.4, 5.5; CIS5: 3.7, 5.2, 5.5, 5.6; CIS7: 4.7, 6.2, 6.5, 6.6, 6.8"),
        "VPCs log their flows, restrict network ACLs, default groups and peering, and have endpoints.",
        "No stack makes a VPC.",
    ),
    Unanswered(
        controls("CIS3: 1.18, 2.2.1, 5.6; CIS5: 1.17, 5.1.1, 5.7; CIS7: 2.16, 6.1.1, 6.7"),
        "Instances have roles, encrypted volumes and IMDSv2.",
        "No stack makes an instance or a volume.",
    ),
    Unanswered(
        controls(
            "CIS3: 2.3.1, 2.3.2, 2.3.3, 2.4.1; CIS5: 2.2.1, 2.2.2, 2.2.3, 2.2.4, 2.3.1; "
            "CIS7: 3.2.1, 3.2.2, 3.2.3, 3.2.4, 3.3.1"
        ),
        "Databases of RDS and file systems of EFS are encrypted, patched, private and in several zones.",
        "Data is kept in DynamoDB and S3.",
    ),
    Unanswered(
        controls("CIS5: 5.1.2; CIS7: 6.1.2"),
        "CIFS is open to trusted networks only.",
        "No stack makes a security group.",
    ),
    Unanswered(
        controls("CIS3: 1.19; CIS5: 1.18; CIS7: 2.17"),
        "Expired certificates are removed from IAM.",
        "Certificates are kept in ACM, which renews them.",
    ),
    Unanswered(
        controls("FSBP: DynamoDB.3, DynamoDB.7; NAG: DDB4"),
        "DAX clusters are encrypted.",
        "No stack has a cache before its tables.",
    ),
    Unanswered(
        controls("NAG_SERVERLESS: LambdaEventSourceMappingDestination; CHECKOV: CKV2_AWS_37, CKV2_AWS_68"),
        "Event source mappings, CodeCommit and SageMaker are set safely.",
        "No stack uses them.",
    ),
)

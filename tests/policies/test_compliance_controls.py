"""Controls of catalogues as an auditor reads them: evaluated on what they guard, by their own condition."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from api.definition import BUCKETS, QUEUES
from policies.bounds import BOUNDS
from policies.pack import PACK
from tests.support.reports import control, identity, report, resource
from toolkit.policy.accepted import load_accepted
from toolkit.policy.assessment import assess_offline
from toolkit.policy.compliance.definitions import definitions
from toolkit.policy.compliance.framework_report import NOT_EVALUATED, ControlReport
from toolkit.policy.compliance.readiness import Answer, readiness
from toolkit.policy.compliance.report import Report, Verdict, report_on
from toolkit.policy.compliance.reports import FORMS
from toolkit.policy.compliance.words import control_words
from toolkit.policy.controls import Framework
from toolkit.stacks import Resource

ROOT = Path(__file__).parents[2]
BUCKET = "aws:s3/bucket:Bucket"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
STACKS = ("dev", "staging", "prod")


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    """Our stacks, each with its account."""
    return {
        stack: report_on(
            assess_offline(PACK, stack, ROOT),
            replace(identity(stack, BOUNDS_OF[stack]), with_account=True),
            assess_offline(PACK, stack, ROOT / "infrastructure" / "bootstrap"),
        )
        for stack in STACKS
    }


BOUNDS_OF: dict[str, Any] = {stack: stack for stack in STACKS}


@pytest.fixture(scope="module")
def prod(reports: dict[str, Report]) -> Report:
    return reports["prod"]


def belonging(resource_: Resource, to: Resource) -> Resource:
    return replace(resource_, property_dependencies={"bucket": (to.urn,)})


def encrypted_by(algorithm: str) -> ControlReport:
    bucket = resource(BUCKET, "a-bucket")
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm}}]
    encryption = belonging(resource(ENCRYPTION, "its-encryption", rules=rules), bucket)
    return control(report(bucket, encryption), "CHECKOV", "CKV_AWS_145")


@pytest.mark.parametrize(("framework", "id_"), [("FSBP", "S3.9"), ("CHECKOV", "CKV_AWS_18"), ("NAG", "S1")])
def test_accepted_bucket_without_access_logs_has_reason_owner_and_date(prod: Report, framework: str, id_: str) -> None:
    found = control(prod, framework, id_)
    buckets = {*(f"{bucket.name}-bucket" for bucket in BUCKETS), "logs-bucket"}
    assert {urn.rpartition("::")[2] for urn, _ in found.allowances} == buckets
    assert all(one.reason and one.owner and one.reviewed for _, one in found.allowances)
    assert control_words(found) == f"✓ pass with {len(buckets)} waiver{'s' if len(buckets) > 1 else ''}"


def test_bucket_without_access_logs_and_without_acceptance_fails() -> None:
    assert control(report(resource(BUCKET, "another")), "FSBP", "S3.9").verdict is Verdict.FAIL


def test_open_routes_are_waivers_with_reason_owner_and_date(prod: Report) -> None:
    found = control(prod, "FSBP", "APIGateway.8")
    assert control_words(found) == "✓ pass with 5 waivers"
    assert all(one.reason and one.owner and one.reviewed for _, one in found.allowances)


@pytest.mark.parametrize("environment", BOUNDS)
def test_every_open_route_has_an_acceptance(environment: str) -> None:
    named = {
        name
        for one in load_accepted(PACK.accepted_file)
        if one.rule == "apigw-route-authorized"
        for name in one.resources
    }
    assert BOUNDS[environment].open_routes <= named  # type: ignore[index] # the keys are what is parametrized


def test_control_passes_by_its_own_condition_only() -> None:
    assert encrypted_by("AES256").verdict is Verdict.FAIL
    assert encrypted_by("aws:kms").verdict is Verdict.PASS


@pytest.mark.parametrize("absent", ["preload", "includeSubdomains", "override"])
def test_hsts_control_fails_without_preload_subdomains_or_override(absent: str) -> None:
    header = {"accessControlMaxAgeSec": 31536000, "preload": True, "includeSubdomains": True, "override": True}
    bad = {**header, absent: False}
    for sent, verdict in ((header, Verdict.PASS), (bad, Verdict.FAIL)):
        policy = resource(HEADERS, "headers", securityHeadersConfig={"strictTransportSecurity": sent})
        assert control(report(policy), "CHECKOV", "CKV_AWS_259").verdict is verdict


UNUSED = ["CloudFront.6", "Lambda.5", "APIGateway.4", *([] if QUEUES else ["SQS.3"])]


@pytest.mark.parametrize("id_", UNUSED)
def test_control_of_an_unused_service_is_not_applicable(prod: Report, id_: str) -> None:
    assert control(prod, "FSBP", id_).verdict is Verdict.NOT_APPLICABLE


def test_control_of_vpc_functions_applies_to_a_function_in_a_vpc() -> None:
    function = resource("aws:lambda/function:Function", vpcConfig={"subnetIds": ["subnet-1"]})
    assert control(report(function), "FSBP", "Lambda.5").verdict is Verdict.FAIL


def test_controls_of_the_account_are_evaluated_with_its_bootstrap_stack(prod: Report) -> None:
    for framework, id_ in (("CIS3", "3.1"), ("CIS5", "3.2"), ("CIS7", "4.1"), ("FSBP", "CloudTrail.1")):
        assert control(prod, framework, id_).verdict is Verdict.PASS
    assert control(prod, "CIS3", "4.1").verdict is not Verdict.NOT_APPLICABLE
    alone = report_on(assess_offline(PACK, "prod", ROOT), identity())
    assert control(alone, "CIS3", "3.1").verdict is Verdict.NOT_APPLICABLE


def test_not_applicable_control_has_no_guarded_resource(prod: Report) -> None:
    there = {inputs.resource.type for inputs in resources_of_prod()}
    for framework in prod.frameworks:
        for one in framework.controls:
            if one.verdict is Verdict.NOT_APPLICABLE and not one.definition.having:
                assert not there & set(one.definition.guarded), one.control


def resources_of_prod() -> Any:
    from toolkit.stacks.inputs import inputs_of

    folders = (ROOT, ROOT / "infrastructure" / "bootstrap")
    return [inputs for folder in folders for inputs in inputs_of(assess_offline(PACK, "prod", folder).graph).resources]


def test_every_control_of_our_stacks_is_evaluated_or_has_a_reason(reports: dict[str, Report]) -> None:
    for stack, found in reports.items():
        for framework in found.frameworks:
            assert [one.control.id for one in framework.controls if one.reason == NOT_EVALUATED] == [], stack


def test_defined_controls_are_exactly_those_named_by_the_pack() -> None:
    named = {control for rule in (*PACK.rules, *PACK.conditions) for control in rule.controls}
    left_out = (*PACK.controls.declined, *PACK.controls.beyond, *PACK.controls.not_in_use)
    named |= {control for entry in left_out for control in entry.controls}
    beyond = {one for one, definition in definitions().items() if definition.beyond}
    assert set(definitions()) == named | beyond | set(PACK.controls.criteria)
    names = {rule.name for rule in PACK.rules}
    assert all(set(criterion.rules) <= names for criterion in PACK.controls.criteria.values())


def test_every_catalogue_has_a_total_with_source_and_date() -> None:
    for framework in Framework:
        assert framework.size >= sum(one.framework == framework.name for one in definitions())
        assert re.search(r", counted \d{4}-\d\d-\d\d$", framework.counted)


@pytest.mark.parametrize("framework", ["CIS3", "CIS5", "CIS7", "SOC2", "ISO27001"])
def test_every_control_of_a_catalogue_for_auditors_has_a_verdict(prod: Report, framework: str) -> None:
    (found,) = (one for one in prod.frameworks if one.framework.name == framework)
    assert found.not_mapped == 0


def test_all_report_forms_have_every_control_and_finding(prod: Report) -> None:
    written = {suffix: form(prod) for suffix, form in FORMS.items()}
    document = json.loads(written["json"])
    for framework in document["frameworks"]:
        for one in framework["controls"]:
            assert f"| {one['id'].replace('*', '')} |" in written["md"], one
            assert one["words"] in written["md"]
            assert one["words"] in written["html"]
            assert (not one["partial"]) or one["partial"] in written["md"]
    findings = [found for rule in document["rules"] for found in rule["findings"]]
    (run,) = json.loads(written["sarif"])["runs"]
    assert len(run["results"]) == len(findings)
    suppressed = sum(bool(result["suppressions"]) for result in run["results"])
    assert suppressed == sum(found["waiver"] is not None for found in findings)
    skipped = ET.fromstring(written["xml"]).iter("skipped")  # noqa: S314 - the project wrote it
    assert sum("accepted by" in one.attrib["message"] for one in skipped) == suppressed


def test_report_of_a_blocked_stack_is_not_ready_for_an_auditor(prod: Report) -> None:
    assert readiness(prod).answer is Answer.WITH_REMARKS
    assert readiness(report(resource("aws:kms/key:Key"))).answer is Answer.NO
    changed = replace(prod.identity, commit=None)
    assert readiness(replace(prod, identity=changed)).answer is Answer.NO

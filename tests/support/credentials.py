"""Variables that hold credentials, and variables whose names or values only resemble one.

The tokens are put together here, so that no scanner takes this file for a leak.
"""

_JWT = ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"))

CREDENTIALS = {
    "DB_PASSWORD": "letmein",
    "dbPassword": "letmein",
    "DB_PASS_1": "letmein",
    "CLIENT_SECRET": "1q2w3e4r5t6y",
    "REFRESH_TOKEN": "abcdef123456",
    "API_KEY": "9f86d081884c7d659a2feaa0c55ad015",
    "SIGNING_KEY": "a7f3c9d2e8b14f6a9c0d",
    "ACCESS": "AKIA" + "ABCDEFGHIJKLMNOP",
    "TEXT": "-----BEGIN EC " + "PRIVATE KEY-----",
    "BLOB": "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUY=",
    "DATABASE_URL": "postgresql://app:s3cr3t@db.example.com:5432/app",
    "CACHE": "redis://:s3cr3t@cache.example.com:6379/0",
    "SQL": "Server=tcp:db;User Id=app;" + "Password=hunter22;",
    "WEBHOOK": "https://admin:letmein1@hooks.example.com/x",
    "HEADER": "Basic " + "YWRtaW46bGV0bWVpbjE=",
    "SETTINGS": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "CHAT": "xoxb-" + "1234567890-abcdefghijkl",
    "ALERTS": "https://hooks.slack.com/services/" + "T00000000/B00000000/abcdefghijklmnop",
    "PAYMENTS": "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "SESSION": _JWT,
    "VALUE": "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
    "RANDOM": "q8Zr2LwX9vTn4KpB7mYc1HsD6fGj3QeU",
    "CONFIG": '{"db": {"user": "app", "password": "letmein"}}',
}
HARMLESS = {
    "TABLE": "items",
    "EMPTY_PASSWORD": "",
    "TOKEN_URL": "https://auth.example.com/oauth2/token",
    "TOKEN_TTL_SECONDS": "3600",
    "TOKEN_ISSUER": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_10eb67d99",
    "SECRET_NAME": "prod/items/cursor-key",
    "DB_SECRET": "prod/items/database",
    "DB_PASSWORD": "{{resolve:secretsmanager:db:SecretString:password}}",
    "DB_PASSWORD_PARAMETER": "/prod/db/password",
    "PASSWORD_MIN_LENGTH": "12",
    "SECRET_ROTATION_ENABLED": "true",
    "MAX_TOKENS": "4096",
    "API_KEY_HEADER": "x-api-key",
    "SORT_KEY": "id",
    "KMS_KEY": "alias/items",
    "KEY_ID": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "PUBLIC_KEY": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t",
    "RELEASE_DIGEST": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "GIT_COMMIT": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "DATABASE_URL": "postgresql://app@db.example.com:5432/app",
    "DSN": "https://examplePublicKey@o0.ingest.sentry.io/0",
    "CONFIG": "eyJmZWF0dXJlIjogdHJ1ZSwgImxpbWl0IjogMTAsICJuYW1lIjogIml0ZW1zIn0=",
    "FEATURES": '{"tokenTtl": 60, "passwordPolicy": "strong"}',
    "CONNECTION": "postgresql://app:${password}@db.example.com/app",
    "QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/333333333333/JobsQueue1A2B3C4D5E6F",
}

"""Attachments: files that belong to an item; their bytes go straight between the caller and S3."""

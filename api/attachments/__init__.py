"""Attachments: files of an item, which callers upload to S3 and download from there."""

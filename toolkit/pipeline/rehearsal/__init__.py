"""Guides an owner through the first hour with a real AWS account and repository, and reports what differed."""

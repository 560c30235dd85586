"""Test a deployed stack through its address."""

"""Patches of moto: one module per AWS service, each with the private names that it uses."""

"""The rule model, its evaluation offline and inside the engine, waivers, verdicts and compliance reports."""

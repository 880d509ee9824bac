"""The gate: what must hold across the marts before a release, as Great Expectations suites.

Kept out: rules of one row or one file (contracts), keys and relations of one model (dbt tests), any figure.
"""

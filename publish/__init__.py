"""Marts to release to readers: copied, described, verified, switched in one step.

Kept out: any calculation; what is published is what the marts and the ledger hold.
"""

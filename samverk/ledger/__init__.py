"""Hours ledger: posting, stored decisions, attestation, evidence, sealed periods."""

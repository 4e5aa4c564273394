"""Outgoing mail: queued with the change that causes it, sent once after commit, retried with back-off."""

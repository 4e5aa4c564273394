"""Certificates: what somebody has completed, as a page on paper, a page to check it by, and a signed credential."""

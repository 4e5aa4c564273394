"""Who did what to which thing, and which clock duties ran. Knows people only through the user setting."""

"""All writes of table plans, a file for each noun."""

"""All writes after an activity, a file for each noun."""

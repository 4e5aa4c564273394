"""After an activity: what was agreed to do, what was shown, what is told about it, and the next meeting."""

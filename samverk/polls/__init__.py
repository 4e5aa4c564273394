"""Finding a time: proposed times go to a group, people answer without an account, the best becomes a session."""

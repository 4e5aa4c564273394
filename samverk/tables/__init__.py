"""Tables and rounds of a session: who sits where, made so that people meet others; notes and photos of each table."""

"""Everything that writes a programme. Each command locks the agenda first."""

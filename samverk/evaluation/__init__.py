"""What people thought: a set of questions sent by personal link, anonymous where that is promised, shown in sums."""

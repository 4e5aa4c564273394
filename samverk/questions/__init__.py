"""Sets of questions that other apps ask: written once, reused, versioned by copy. The answers belong to who asks."""

"""Questions put to those who register: what was answered, and allergies and access needs kept apart and erased."""

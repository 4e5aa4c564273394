"""Ground: components, form fields, writers, dates, text folding, documents. Has no tables."""

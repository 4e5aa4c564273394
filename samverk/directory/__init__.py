"""Organisations, their identifiers, affiliations and mandates; import and merge of them."""

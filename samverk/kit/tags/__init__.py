"""The kit's tags and filters, by what they make. `samverk.kit.templatetags.kit` joins them."""

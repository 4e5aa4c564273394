"""Who had a place and did not come: counted, shown, corrected. Nothing in the house acts on it by itself."""

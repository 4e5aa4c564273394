"""What the reckoning says, one file a language. Its own catalogue: a controller runs it without the rest of the product.

Sentences are whole, plain and at most 20 words once filled. `lead` comes before a refusal when its presence is known.
"""

"""What a person or a pipeline reads: pure functions from plans, outcomes and diagnostics to text, JSON and Markdown.

Nothing here prints, asks the clock or knows a secret: a `Secret` shows as `(secret)`, a sensitive field has no value.
"""

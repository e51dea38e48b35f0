"""A double of GitHub for the tests: REST, GraphQL, git over HTTP and signed webhooks on one loopback port.

Its repositories are real bare ones, so that commits, diffs, merges and fast-forward checks come from git itself. All
messages are validated against GitHub's own OpenAPI description. What it can't prove: the wording of errors, the order
of events, eventual consistency.
"""

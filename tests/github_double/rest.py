"""All REST operations: importing their modules registers them."""

from tests.github_double import (
    rest_checks,
    rest_comments,
    rest_git,
    rest_issues,
    rest_meta,
    rest_pulls,
    rest_reviews,
)
from tests.github_double.routing import OPERATIONS

__all__ = [
    "OPERATIONS",
    "rest_checks",
    "rest_comments",
    "rest_git",
    "rest_issues",
    "rest_meta",
    "rest_pulls",
    "rest_reviews",
]

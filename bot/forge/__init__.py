"""Git and its hosts: repositories read, commits written, pull requests published and discussed."""

import os

# Without this, importing GitPython fails if git is not installed; now the first git command fails with a clear error.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

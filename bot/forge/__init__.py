"""Git and its hosts: repositories read, commits written, pull requests published and discussed."""

import os

# Without this, importing GitPython fails where git is not installed; so the first git command says it in a clear error.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

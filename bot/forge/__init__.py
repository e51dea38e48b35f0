"""Git and the places where pull requests live: reading, baselines, committing, publishing."""

import os

# Without this, importing GitPython fails where git is not installed; so the first git command says it in a clear error.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

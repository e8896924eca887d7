"""Settings of all tests: how Hypothesis looks for failures.

By default it looks in the same places every time, so that a failure is the change's and not the
day's. `HYPOTHESIS_PROFILE=explore` looks farther and elsewhere, at leisure.
"""

from __future__ import annotations

import os

from hypothesis import settings

from socialins.testing import registration

settings.register_profile("ci", derandomize=True, max_examples=60, deadline=None)
settings.register_profile("explore", max_examples=5_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Hypothesis does this by itself where the distribution is installed.
registration.register()

"""Testing: what an application's own test suite can import.

- `socialins.testing.strategies`: Hypothesis strategies for the public types. With the extra
  ``testing`` installed, ``st.from_type(si.Roster)`` works as well, without importing anything here.
- `socialins.testing.middle`: a fictional region with every shape a rule can have.

Importing this package imports neither; Hypothesis is needed for the strategies only.
"""

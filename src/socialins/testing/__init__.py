"""Testing: what an application's own test suite can import.

- `socialins.testing.strategies`: Hypothesis strategies for the public types. With the extra
  ``testing`` installed, ``st.from_type(si.Roster)`` works as well, without importing anything here.
- `socialins.testing.conformance`: the suite that every region plugin's tests subclass.
- `socialins.testing.tokens`: virtual keys, an authority that issues, a card that can fail.
- `socialins.testing.middle`: a fictional region with every shape a rule can have.

Importing this package imports none of them; Hypothesis and pytest are needed for the first two
only.
"""

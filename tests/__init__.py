"""The whole suite; tests/kit holds what tests share, tests/house the rules of the house."""

"""Every channel passes one contract suite, against a real server that the tests start."""

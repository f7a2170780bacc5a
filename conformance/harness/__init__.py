"""The machinery behind the conformance tests: sending, judging, keeping the books, telling pytest."""

"""The conformance tests: send requests to a target and judge what comes back, clause by clause."""

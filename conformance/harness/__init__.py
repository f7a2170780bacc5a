"""What the conformance tests stand on: sending and recording, judging, and the run."""

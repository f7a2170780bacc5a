"""What a case works with: what all cases share, the bodies it makes, and the requests that it sends."""

"""What the claims on speed are measured with: each figure beside the limit that was measured in the same run."""

"""What several rules ask of a tree."""

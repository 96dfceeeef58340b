"""What a config tree is: types, values, nodes."""

"""Tree -> the text of the store, and back."""

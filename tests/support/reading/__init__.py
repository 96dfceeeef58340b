"""The oracle of the promise "composing equals reading", and what it is compared with."""

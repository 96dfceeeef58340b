"""Two trees -> what differs between them."""

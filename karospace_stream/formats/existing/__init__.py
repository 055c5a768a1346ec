"""What an export that exists says of itself: its files, and the options that it was made with."""

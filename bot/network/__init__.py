"""The time and the size that calls to other machines may take, whichever library makes them."""

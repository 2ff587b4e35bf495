"""Views to find people by, and of who looked at whom; no clear value stands in any of them."""

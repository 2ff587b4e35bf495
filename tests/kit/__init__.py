"""What tests share: real servers, builders, strategies. Nothing here is part of the product."""

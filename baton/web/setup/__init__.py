"""The first set-up: what Baton is for here, who owns it, what people do, and only then stages and fields."""

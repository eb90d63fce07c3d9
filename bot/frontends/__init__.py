"""Front ends: each receives what people say on one platform, and shows them the replies."""

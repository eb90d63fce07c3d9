"""The pure centre: no platform, no HTTP client, no SQL, no markup."""

"""The Telegram front end: receive, render, send, app."""

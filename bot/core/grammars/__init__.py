"""The grammar of topics beyond the basics: each module reads its commands (`READERS`) and spells its intents."""

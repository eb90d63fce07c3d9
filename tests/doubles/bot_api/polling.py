"""getMe, getUpdates and the webhook's methods. After Client.cpp: `process_get_updates_query`, `do_get_updates`."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from tests.doubles.bot_api.methods import method
from tests.doubles.bot_api.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, Refused, bad
from tests.doubles.bot_api.updates import KINDS
from tests.doubles.bot_api.wire import Asked, Json
from tests.doubles.bot_api.world import Webhook, World

LONGEST_POLL: Final = 50


@method("getMe")
async def get_me(world: World, asked: Asked) -> Json:
    """Who the bot is, and what it may do."""
    return {
        **world.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getUpdates", "offset limit timeout allowed_updates")
async def get_updates(world: World, asked: Asked) -> list[Json]:
    """Waits if there is nothing; whoever waited before is sent away with 409. Only a higher offset confirms."""
    if world.webhook.url:
        raise Refused(409, WEBHOOK_ACTIVE)
    offset = asked.whole("offset") or 0
    limit = min(max(asked.whole("limit") or 100, 1), 100)
    timeout = min(max(asked.whole("timeout") or 0, 0), LONGEST_POLL)
    _choose_kinds(world, asked)
    found = world.updates.read(offset, limit)
    if found or not timeout:
        return found
    me = world.updates.poller = object()
    world.bell.ring()
    try:
        async with asyncio.timeout(timeout):
            while not found:
                await world.bell.next()
                if world.webhook.url:
                    raise Refused(409, "Conflict: terminated by setWebhook request")
                if world.updates.poller is not me:
                    raise Refused(409, OTHER_POLLER)
                found = world.updates.read(max(offset, 0), limit)
    except TimeoutError:
        pass
    finally:
        if world.updates.poller is me:
            world.updates.poller = None
    return found


def _choose_kinds(world: World, asked: Asked) -> None:
    if not asked.has("allowed_updates"):
        return
    kinds = asked.items("allowed_updates")
    for kind in kinds:
        if kind not in KINDS:
            asked.complain(f"{asked.method}: allowed_updates has no {kind!r}")
    world.updates.wait_for([kind for kind in kinds if kind in KINDS])


@method("setWebhook", "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token")
async def set_webhook(world: World, asked: Asked) -> bool:
    """Remembered, so that getUpdates conflicts with it; this double posts nothing to it."""
    url, secret = asked.text("url"), asked.text("secret_token")
    if url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad("secret token contains unallowed characters")
    _choose_kinds(world, asked)
    if asked.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook(url, asked.whole("max_connections") or 40, secret)
    world.bell.ring()
    return True


@method("deleteWebhook", "drop_pending_updates")
async def delete_webhook(world: World, asked: Asked) -> bool:
    """Back to getUpdates; what waits stays, unless it is to be dropped."""
    if asked.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook = Webhook()
    world.bell.ring()
    return True


@method("getWebhookInfo")
async def get_webhook_info(world: World, asked: Asked) -> Json:
    """What is set."""
    hook = world.webhook
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
        "allowed_updates": sorted(world.updates.allowed),
    }
    return info | ({"max_connections": hook.max_connections} if hook.url else {})

// The way back from another site's page: tells Marquee what the address carries, as the person who was here last.
// Opening the address changes nothing; only this script, from this origin, does.

const told = document.getElementById("told");
const payload = new URLSearchParams(location.search).get("start") ?? "";
history.replaceState(null, "", "/back"); // what it carries shall not stand in the address, nor be sent twice

const { person } = told.dataset; // whoever was led away

try {
  const response = await fetch("/api/back", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: crypto.randomUUID(), person, chat: person, payload }),
  });
  if (response.ok) location.replace(`/#${person}/${person}`);
  else told.textContent = (await response.json()).sentence;
} catch {
  told.textContent = told.dataset.failed;
}

// Starts the circuit, and goes on by itself after the connection was gone: to the same circuit, a fresh page, or the sign-in page.
(() => {
  const dialog = document.getElementById("components-reconnect-modal");
  const pause = 2000;
  // The status of the session; null while the server does not answer.
  const session = async () => { try { return (await fetch("/session", { cache: "no-store" })).status; } catch { return null; } };
  const afresh = async () => {
    while (await session() === null) await new Promise(done => setTimeout(done, pause));
    location.reload();
  };
  const look = async state => {
    if (state === "hide") { if (dialog.open) dialog.close(); return; }
    if (await session() === 401) { location.assign("/sign-in?problem=ended"); return; }
    if (!dialog.open) dialog.showModal();
    if (state === "rejected" || state === "failed") await afresh();
  };
  dialog.addEventListener("components-reconnect-state-changed", e => look(e.detail.state));
  Blazor.start();
})();

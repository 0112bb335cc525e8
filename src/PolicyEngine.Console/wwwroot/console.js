// Starts the circuit, and goes on by itself after the connection was gone: to the same circuit, a fresh page, or the sign-in page.
(() => {
  const dialog = document.getElementById("components-reconnect-modal");
  const signedOut = async () => {
    try { return (await fetch("/session", { cache: "no-store" })).status === 401; } catch { return false; }
  };
  const look = async state => {
    if (state === "hide") { if (dialog.open) dialog.close(); return; }
    if (await signedOut()) { location.assign("/sign-in?problem=ended"); return; }
    if (state === "rejected" || state === "failed") { location.reload(); return; }
    if (!dialog.open) dialog.showModal();
  };
  dialog.addEventListener("components-reconnect-state-changed", e => look(e.detail.state));
  Blazor.start();
})();

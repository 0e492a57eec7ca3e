// Nobody is signed in on this device: what the app keeps to be there without a line goes, and who was here. What
// was typed or shared and is not sent yet stays for whom it belongs to.
localStorage.removeItem("baton.member");
window.caches?.keys().then((names) => names.forEach((name) => { if (name.startsWith("baton-shell-")) caches.delete(name); }));

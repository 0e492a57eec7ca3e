// Being told on this device: the browser asks its person, then says where it can be told.
import "./app.js";

const form = document.getElementById("push");
const able = "PushManager" in window && "Notification" in window && navigator.serviceWorker;
const show = (id) => { document.getElementById(id).hidden = false; };
const key = () => Uint8Array.from(atob(form.dataset.push.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

async function subscribed() {
  return (await navigator.serviceWorker.ready).pushManager.getSubscription();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await Notification.requestPermission() !== "granted") return show("push-denied");
  const {pushManager} = await navigator.serviceWorker.ready;
  const told = await pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key()});
  form.elements.subscription.value = JSON.stringify(told);
  form.submit();
});

for (const button of document.querySelectorAll("[data-unpush]")) button.addEventListener("click", async () => {
  await (await subscribed())?.unsubscribe();
});

if (!able) show("push-none");
else if (Notification.permission === "denied") show("push-denied");
else if (!document.querySelector("[data-unpush]")) form.hidden = false;

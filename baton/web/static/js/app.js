// What looks after the installed app: the service worker, once the page is there. Only pages that a phone begins with
// load it, so that no other page grows by it.
navigator.serviceWorker?.register("/worker.js").then(({active}) => active?.postMessage("fill"), () => {});

// A button beside a text that is there to be copied: data-copy names the input, data-copied what it says afterwards.
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", async () => {
  const input = document.getElementById(button.dataset.copy);
  input.select();
  await navigator.clipboard.writeText(input.value);
  button.textContent = button.dataset.copied;
});

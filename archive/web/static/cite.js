// Copies a citation as it stands there.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(`cite-${button.dataset.copy}`).textContent);
    for (const other of document.querySelectorAll(".citing [role=status]")) other.textContent = "";
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.says;
  });
}

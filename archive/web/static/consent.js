// A date that is asked for only with one of the answers; on the intake form and on the consent page alike.
const date = document.querySelector("input[name=research_from]");
if (date) {
  const toggle = () => {
    date.closest(".field").hidden = document.querySelector("input[name=research]:checked")?.value !== "after-date";
  };
  for (const choice of document.querySelectorAll("input[name=research]")) choice.addEventListener("change", toggle);
  toggle();
}

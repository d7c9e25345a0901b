// The panel of people: which one is chosen, what is decided, how a row is drawn.

const AROUND = 1.5; // seconds heard before and after a name

export class People {
  constructor(list, { sender, player, text }) {
    Object.assign(this, { list, sender, player, text, turnHeard: 0 });
    this.says = sender.says;
    list.addEventListener("submit", (event) => this.#submitted(event));
    list.addEventListener("click", (event) => this.#clicked(event));
    for (const button of list.querySelectorAll("[data-hear]")) button.hidden = false;
    this.text.tint(this.decisions());
  }

  get current() {
    return this.list.querySelector(".person[aria-current]");
  }

  row(key) {
    return [...this.list.children].find((row) => row.dataset.key === key);
  }

  numbered(n) {
    return this.list.querySelector(`[data-n="${n}"]`);
  }

  decisions() {
    return new Map([...this.list.children].map((row) => [row.dataset.n, row.dataset.decision]));
  }

  // What an answer says of people: all of them anew, or those that were decided.
  told(told) {
    if (told.people) this.#drawAll(told.people);
    for (const [key, choice] of Object.entries(told.decided ?? {})) this.#show(this.row(key), choice);
    const [bar, words] = [document.querySelector("[data-left]"), document.querySelector("[data-left-words]")];
    bar.max = told.all || 1;
    bar.value = told.all - told.left;
    words.textContent = told.left ? this.says.saysLeft.replace("{left}", told.left).replace("{all}", told.all) : this.says.saysNone;
  }

  choose(row, { scroll = true, focus = false } = {}) {
    if (!row) return;
    this.current?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    const names = this.text.chosen(row.dataset.n);
    this.player.mark(row.dataset.starts.split(" ").filter(Boolean).map(Number));
    if (focus) row.focus({ preventScroll: true });
    if (!scroll) return;
    row.scrollIntoView({ block: "nearest" });
    names[0]?.scrollIntoView({ block: "center" });
  }

  next() {
    const rows = [...this.list.children];
    const from = rows.indexOf(this.current);
    const after = [...rows.slice(from + 1), ...rows.slice(0, from + 1)];
    this.choose(after.find((row) => !row.dataset.decision) ?? after[0], { focus: true });
  }

  async decide(row, decision) {
    if (!row || row.querySelector(`button[value="${decision}"]`)?.disabled) return;
    const { person, number, cover } = row.querySelector("form").elements;
    const before = { decision: row.dataset.decision, cover: cover.defaultValue };
    this.#show(row, { decision, cover: cover.value }); // shown at once; the answer shows it again
    const told = await this.sender.send(this.says.people, { person: person.value, number: number.value, decision, cover: cover.value });
    if (told.ok) return;
    if (!told.decided?.[row.dataset.key]) this.#show(row, before, { typed: cover.value });
    if (told.field === "cover") this.#refuse(row, told.says);
  }

  async regroup(form, undo) {
    const fields = { person: form.elements.person.value, other: form.elements.other.value, turn: form.elements.turn.value };
    if (undo) fields.undo = 1;
    else if (!fields.other && !fields.turn) return;
    await this.sender.send(`${this.says.change}regroup`, fields);
  }

  cover() {
    const cover = this.current?.querySelector("details.covername");
    if (!cover) return;
    cover.open = true;
    cover.querySelector("input").focus();
  }

  hear(row = this.current) {
    const starts = (row?.dataset.starts ?? "").split(" ").filter(Boolean).map(Number);
    if (!starts.length) return;
    const start = starts[this.turnHeard++ % starts.length];
    this.player.seek(Math.max(0, start - AROUND), { play: true, until: start + AROUND });
  }

  #submitted(event) {
    event.preventDefault();
    const row = event.target.closest(".person");
    this.choose(row, { scroll: false });
    if (event.target.closest(".regroup")) this.regroup(event.target, event.submitter?.name === "undo");
    else this.decide(row, event.submitter?.value || row.dataset.decision || "conceal");
  }

  #clicked(event) {
    const row = event.target.closest(".person");
    if (!row) return;
    this.choose(row, { scroll: false });
    if (event.target.closest("[data-hear]")) this.hear(row);
  }

  // A decision and a cover on a row that stays; what was typed stays where it was not taken.
  #show(row, { decision, cover }, { typed = cover } = {}) {
    if (!row) return;
    row.dataset.decision = decision;
    for (const button of row.querySelectorAll("button[name=decision]")) button.setAttribute("aria-pressed", String(button.value === decision));
    const field = row.querySelector("input[name=cover]");
    field.defaultValue = cover;
    field.value = typed;
    field.removeAttribute("aria-invalid");
    row.querySelector("[data-problem]").hidden = true;
    if (cover) row.querySelector("details.covername").open = true;
    this.text.tint(this.decisions(), row.dataset.n);
  }

  // A cover name that gives somebody away: the reason stands beside it.
  #refuse(row, reason) {
    row.querySelector("details.covername").open = true;
    row.querySelector("input[name=cover]").setAttribute("aria-invalid", "true");
    const problem = row.querySelector("[data-problem]");
    problem.textContent = reason;
    problem.hidden = false;
  }

  #drawAll(people) {
    const chosen = this.current?.dataset.n;
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(...people.map((person) => this.#draw(person, people)));
    this.text.tint(this.decisions());
    this.choose(this.numbered(chosen) ?? this.list.firstElementChild, { scroll: false, focus: focused });
  }

  #draw(person, everybody) {
    const row = document.getElementById("person").content.firstElementChild.cloneNode(true);
    row.id = `person-${person.number}`;
    Object.assign(row.dataset, { n: person.number, key: person.key, proposal: person.proposal, starts: person.starts.join(" ") });
    const form = row.querySelector("form");
    form.action = this.says.people;
    form.elements.person.value = person.key;
    form.elements.number.value = person.number;
    const problem = row.querySelector("[data-problem]");
    problem.id = `cover-problem-${person.number}`;
    form.elements.cover.setAttribute("aria-describedby", problem.id);
    this.#drawRegrouping(row.querySelector(".regroup"), person, everybody);
    const fill = { number: person.number, forms: person.forms.join(" · "), name: person.name ? `${person.name} · ` : "", about: person.about };
    for (const [name, value] of Object.entries(fill)) row.querySelector(`[data-fill=${name}]`).textContent = value;
    row.querySelector("[data-when=protected]").hidden = !person.protected;
    row.querySelector("[data-when=asked]").hidden = !person.asked;
    for (const button of row.querySelectorAll("button[name=decision]")) {
      button.classList.toggle("proposed", button.value === person.proposal);
      button.disabled = person.protected && button.value !== "conceal";
    }
    row.querySelector("[data-hear]").hidden = false;
    row.dataset.decision = person.decision;
    for (const button of row.querySelectorAll("button[name=decision]")) button.setAttribute("aria-pressed", String(button.value === person.decision));
    form.elements.cover.value = form.elements.cover.defaultValue = person.cover;
    row.querySelector("details.covername").open = Boolean(person.cover);
    return row;
  }

  // The lists of people and turns are long: made when somebody opens them.
  #drawRegrouping(details, person, everybody) {
    const form = details.querySelector("form");
    form.action = `${this.says.change}regroup`;
    form.elements.person.value = person.key;
    form.querySelector("[data-when=turns]").hidden = !person.turns.length;
    form.querySelector("[data-when=regrouped]").hidden = !person.regrouped;
    const choice = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
    details.addEventListener("toggle", () => {
      for (const one of everybody) {
        if (one.key !== person.key) form.elements.other.append(choice(one.key, `${one.number}. ${one.forms[0]}${one.name ? ` (${one.name})` : ""}`));
      }
      for (const [turn, time] of person.turns) form.elements.turn.append(choice(turn, time));
    }, { once: true });
  }
}

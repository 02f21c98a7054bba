// Keys and in-place updates of the review pages. Without it every form and link works as it stands.
"use strict";

(() => {
  const SWITCH = "dossier.keys";
  let busy = false;

  const here = () => document.querySelector("[data-review]");
  const keysOn = () => localStorage.getItem(SWITCH) !== "off";

  // The answer's main part takes the place of ours; scripts in it would not run, and there are none.
  async function show(response, push) {
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = parsed.querySelector("main");
    if (!main || !main.querySelector("[data-review]")) {
      location.assign(response.url);
      return;
    }
    document.querySelector("main").replaceWith(document.importNode(main, true));
    document.title = parsed.title;
    if (push) history.pushState(null, "", response.url);
    ready();
    const focus = document.querySelector(".stale, [data-focus]");
    if (focus) {
      focus.setAttribute("tabindex", "-1");
      focus.focus({ preventScroll: true });
    }
    if (document.querySelector(".stale")) scrollTo(0, 0);
  }

  async function load(ask, form, push = true) {
    if (busy) return;
    busy = true;
    here()?.classList.add("busy");
    try {
      const response = await ask();
      if (form && response.status >= 400 && response.status !== 409) await refuse(form, response);
      else await show(response, push);
    } catch (error) {
      tell("The desk does not answer. What it had confirmed is kept; what you wrote stands here still: try again.", form);
    } finally {
      here()?.classList.remove("busy");
      busy = false;
    }
  }

  // What was written stays where it is; the page only says why it was not taken.
  async function refuse(form, response) {
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    tell(parsed.querySelector("main .lead")?.textContent || "The desk did not take it.", form);
  }

  // After a restart the desk has another token: the page is asked for it once, and the same request sent again.
  async function freshToken() {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = parsed.querySelector("input[name=token]")?.value;
    if (token) document.querySelectorAll("input[name=token]").forEach((one) => { one.value = token; });
    return token;
  }

  function tell(words, form) {
    const said = form?.querySelector("[role=alert]") || document.createElement("p");
    said.className = "note";
    said.setAttribute("role", "alert");
    said.textContent = words;
    const place = form && !form.closest(".acts") ? form : here();
    place?.prepend(said);
  }

  function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    const address = button?.getAttribute("formaction") || form.getAttribute("action");
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const post = () => fetch(address, { method: "POST", body: fields.toString(), headers, credentials: "same-origin" });
    load(async () => {
      const response = await post();
      if (response.status !== 403) return response;
      const token = await freshToken();
      if (!token || token === fields.get("token")) return response;
      fields.set("token", token);
      return post();
    }, form);
  }

  const visit = (address, push = true) => load(() => fetch(address, { credentials: "same-origin" }), null, push);

  function press(key) {
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!target) return false;
    if (target.tagName === "DETAILS") {
      target.open = !target.open;
      if (target.open) {
        target.scrollIntoView({ block: "nearest" });
        target.querySelector("textarea, select, input:not([type=hidden])")?.focus();
      }
    } else {
      target.click();
    }
    return true;
  }

  // The highlighted quote stands in the middle of its box.
  function ready() {
    const mark = document.querySelector(".captured mark");
    if (mark) mark.parentElement.scrollTop = mark.offsetTop - mark.parentElement.offsetTop - mark.parentElement.clientHeight / 3;
    const box = document.querySelector("[data-keys]");
    if (box) box.checked = keysOn();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!here() || form.method !== "post" || !here().contains(form)) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[rel=next], a[rel=prev], .ahead a");
    if (!link || !here()?.contains(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    visit(link.href);
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-keys]")) localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  });

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input, textarea, select");
    const details = event.target.closest?.("details[open]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field?.form) {
      event.preventDefault();
      const button = field.form.querySelector("button[name=verdict]");
      if (field.form.reportValidity()) send(field.form, button);
    } else if (field?.name === "reason" && /^[1-9]$/.test(event.key) && field.options[event.key - 1]) {
      event.preventDefault();
      field.selectedIndex = event.key - 1;
      send(field.form, field.form.querySelector("button[name=verdict]"));
    } else if (event.key === "Escape" && details) {
      details.open = false;
      details.querySelector("summary").focus();
    } else if (!field && !event.ctrlKey && !event.metaKey && !event.altKey && keysOn() && press(event.key)) {
      event.preventDefault();
    }
  });

  addEventListener("popstate", () => { if (here()) visit(location.href, false); });
  ready();
})();

"use strict";
// The control page: panels come drawn from the server; this only fetches them anew, sends forms, and opens links.

const body = document.body;
const chosen = body.dataset.chosen;
const viewer = document.querySelector(".viewer");
const toast = document.querySelector(".toast");

function tell(text, bad) {
  toast.textContent = text;
  toast.className = bad ? "toast bad" : "toast";
  toast.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { toast.hidden = true; }, bad ? 6000 : 2500);
}

function replace(place, markup) {
  if (place.innerHTML === markup || place.dataset.drawn === markup) return;
  const open = new Set([...place.querySelectorAll("details[open][data-key]")].map((d) => d.dataset.key));
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80;
  place.innerHTML = markup;
  place.dataset.drawn = markup;
  place.querySelectorAll("details[data-key]").forEach((d) => { d.open = open.has(d.dataset.key); });
  if (place.classList.contains("chat") && atEnd) place.scrollTop = place.scrollHeight;
}

async function refresh() {
  const answer = await fetch("/_page/panels?" + chosen);
  if (!answer.ok) return;
  const panels = await answer.json();
  document.querySelectorAll("[data-live]").forEach((place) => replace(place, panels[place.dataset.live]));
}

function watch() {
  const source = new EventSource("/_control/stream");
  source.onmessage = () => { refresh().catch(() => {}); };
}

function wrongWords(detail) {
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((d) => (d.loc || []).slice(-1) + "：" + d.msg).join("；");
  return "没有成功";
}

async function call(order, payload) {
  const [method, path] = order.split(" ");
  const options = { method, headers: {} };
  if (payload !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(payload);
  }
  const answer = await fetch(path, options);
  const text = await answer.text();
  const document_ = text ? JSON.parse(text) : null;
  if (!answer.ok) {
    tell(wrongWords(document_ && document_.detail), true);
    return undefined;
  }
  return document_;
}

function fieldsOf(form) {
  const lists = (form.dataset.lists || "").split(" ");
  const fields = JSON.parse(form.dataset.fixed || "{}");
  for (const [name, value] of new FormData(form)) {
    const input = form.elements[name];
    if (lists.includes(name)) fields[name] = value.split(/[,，\s]+/).filter(Boolean);
    else if (value === "true" || value === "false") fields[name] = value === "true";
    else if (input.type === "number") { if (value !== "") fields[name] = Number(value); }
    else if (value !== "" || form.dataset.lists) fields[name] = value;
  }
  return fields;
}

async function submit(form) {
  const done = await call(form.dataset.api, fieldsOf(form));
  if (done === undefined) return;
  if (form.dataset.tell === "callback") {
    tell(done.enabled ? "验证成功，服务器配置已启用" : "验证失败：" + (done.error || "没有返回 echostr"), !done.enabled);
  } else if (form.dataset.go) {
    const next = new URLSearchParams(chosen);
    next.set(form.dataset.go, done[form.dataset.go]);
    if (form.dataset.go === "appid") next.delete("openid");
    location.search = next.toString();
    return;
  } else if (!form.classList.contains("say")) tell("好了");
  if (!form.dataset.lists && form.dataset.keep === undefined) form.reset();
  if (done && done.open) open_(done.open);
  refresh();
}

async function open_(url) {
  if (!url) return;
  const own = url.startsWith(location.origin + "/") || url.startsWith("/");
  if (!own) {
    const answer = await fetch("/_page/framable?url=" + encodeURIComponent(url));
    if (!(await answer.json()).framable) {
      window.open(url, "_blank", "noreferrer");
      return;
    }
  }
  viewer.querySelector("a").href = url;
  viewer.querySelector("b").textContent = own ? "" : new URL(url).host;
  viewer.querySelector("iframe").src = url;
  viewer.hidden = false;
}

function show(tab) {
  body.dataset.showing = tab;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.api) return;
  event.preventDefault();
  submit(form).catch(() => tell("沙箱没有应答", true));
});

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.dataset || !input.dataset.upload || !input.files.length) return;
  const parts = new FormData();
  parts.append("file", input.files[0]);
  const answer = await fetch(input.dataset.upload, { method: "POST", body: parts });
  if (!answer.ok) tell(wrongWords((await answer.json()).detail), true);
  input.value = "";
  refresh();
});

document.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-api],[data-open],[data-show],[data-toggle],[data-close]");
  if (!target || target.tagName === "FORM") return;
  if (target.dataset.open !== undefined) {
    event.preventDefault();
    open_(target.dataset.open);
  } else if (target.dataset.show) {
    show(target.dataset.show);
  } else if (target.dataset.toggle) {
    document.querySelector(".phone footer").classList.toggle("with-" + target.dataset.toggle);
  } else if (target.dataset.close !== undefined) {
    viewer.hidden = true;
    viewer.querySelector("iframe").src = "about:blank";
  } else {
    if (target.dataset.confirm && !window.confirm(target.dataset.confirm)) return;
    const payload = target.dataset.body ? JSON.parse(target.dataset.body) : undefined;
    const done = await call(target.dataset.api, payload).catch(() => tell("沙箱没有应答", true));
    target.closest("details.entry")?.removeAttribute("open");
    if (done && done.open) open_(done.open);
    refresh();
  }
});

const chat = document.querySelector(".chat");
chat.scrollTop = chat.scrollHeight;
watch();

// Progressive improvements only: every page works without this file.
"use strict";
(function () {
  // The summary of faults is read first.
  var errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();

  // Printing from a button; the button shows only where a script can do it.
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A second tap on a slow line sends nothing twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });

  // What is written where there is no network is there again when there is one: kept on this device alone until it is
  // sent, three days at most, and gone as soon as somebody signs out.
  var KEPT = "draft:", DAYS = 3 * 864e5, forms = document.querySelectorAll("form[data-draft]");
  function drafts() {
    return Object.keys(localStorage).filter(function (key) { return key.indexOf(KEPT) === 0; });
  }
  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (_) { return {}; }
  }
  function controls(form) {
    return Array.from(form.elements).filter(function (one) {
      return one.name && !/^(hidden|submit|button|file|password)$/.test(one.type);
    });
  }
  function ticks(one) { return one.type === "checkbox" || one.type === "radio"; }
  function keep(form, key) {
    var here = key + form.dataset.draft + form.action + location.search;
    var told = form.querySelector("[data-kept]"), there = read(here);
    // A page with faults shows what was typed by itself.
    if (there.values && !errors) {
      controls(form).forEach(function (one) {
        there.values.forEach(function (said) {
          if (said[0] !== one.name) return;
          if (!ticks(one)) one.value = said[1];
          else if (said[1] === one.value) one.checked = said[2];
        });
      });
      told.hidden = false;
    }
    form.addEventListener("input", function () {
      var values = controls(form).map(function (one) { return [one.name, one.value, ticks(one) && one.checked]; });
      localStorage.setItem(here, JSON.stringify({ at: Date.now(), values: values }));
    });
    form.addEventListener("submit", function () {
      var draft = read(here);
      if (draft.values) localStorage.setItem(here, JSON.stringify({ at: draft.at, values: draft.values, sent: true }));
    });
    form.querySelector("[data-drop]").addEventListener("click", function () {
      localStorage.removeItem(here);
      location.reload();
    });
  }
  try {
    // Wherever a draft that was sent does not come back with its form, it has arrived.
    drafts().forEach(function (key) {
      var draft = read(key);
      if (!(draft.at > Date.now() - DAYS) || (draft.sent && !forms.length)) localStorage.removeItem(key);
    });
    forms.forEach(function (form) { keep(form, KEPT); });
    document.querySelectorAll('form[action="/sign-out"]').forEach(function (form) {
      form.addEventListener("submit", function () {
        drafts().forEach(function (key) { localStorage.removeItem(key); });
      });
    });
  } catch (_) { /* a browser that keeps nothing */ }

  // Leaving in a hurry: the page is replaced, so that "back" does not lead to it.
  document.querySelectorAll("[data-leave]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      location.replace(link.href);
    });
  });

  // "/" goes to the search field, as at every counter.
  document.addEventListener("keydown", function (event) {
    var field = document.querySelector(".seek input, .finder input");
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && field && !typing) { event.preventDefault(); field.focus(); }
  });
})();

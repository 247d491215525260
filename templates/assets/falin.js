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

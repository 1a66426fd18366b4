"use strict";

// Times in the viewer's zone, dark and light, and a word when the dashboard does not answer. Nothing else needs a script: without one, every link and
// form asks for a whole page.
(function () {
  var THEMES = ["system", "light", "dark"];
  var WORDS = { system: "as the system", light: "light", dark: "dark" };
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosenTheme() {
    try {
      var kept = window.localStorage.getItem("theme");
      return THEMES.indexOf(kept) < 0 ? "system" : kept;
    } catch (noStorage) {
      return "system";
    }
  }

  function applyTheme() {
    var chosen = chosenTheme();
    var theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
    document.documentElement.setAttribute("data-bs-theme", theme);
    var words = document.getElementById("theme-words");
    if (words) {
      words.textContent = WORDS[chosen];
    }
  }

  function nextTheme() {
    var next = THEMES[(THEMES.indexOf(chosenTheme()) + 1) % THEMES.length];
    try {
      window.localStorage.setItem("theme", next);
    } catch (noStorage) {
      document.documentElement.setAttribute("data-bs-theme", next === "system" ? "light" : next);
      return;
    }
    applyTheme();
  }

  var day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  var hour = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

  function showTimes(root) {
    root.querySelectorAll("time[data-moment]").forEach(function (element) {
      var moment = new Date(element.getAttribute("datetime"));
      if (!Number.isNaN(moment.getTime())) {
        var format = element.getAttribute("data-moment") === "time" ? hour : day;
        element.textContent = format.format(moment);
      }
    });
  }

  var lastAnswer = new Date();

  function answered(yes) {
    var notice = document.getElementById("offline");
    if (yes) {
      lastAnswer = new Date();
    } else {
      document.getElementById("offline-since").textContent = hour.format(lastAnswer);
    }
    notice.hidden = yes;
  }

  applyTheme();
  dark.addEventListener("change", applyTheme);

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme");
    button.hidden = false;
    button.addEventListener("click", nextTheme);
    applyTheme();
    document.documentElement.classList.add("scripted");
    showTimes(document);
    ["htmx:afterSwap", "htmx:sseMessage"].forEach(function (swapped) {
      document.body.addEventListener(swapped, function () {
        showTimes(document);
      });
    });
    document.body.addEventListener("htmx:afterRequest", function (event) {
      answered(event.detail.successful === true);
    });
  });
})();

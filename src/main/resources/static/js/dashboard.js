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

  // A feed that its server ends comes again within seconds; one that does not is told of.
  var FEED_COMES_AGAIN = 10000;
  var silence = null;

  function feedIsSilent() {
    silence = silence || window.setTimeout(answered, FEED_COMES_AGAIN, false);
  }

  function feedTells() {
    window.clearTimeout(silence);
    silence = null;
    answered(true);
  }

  // What is swapped in is read out only from a place that stays: it is told of there in a few words, once.
  function announce() {
    var said = Array.from(document.querySelectorAll("[data-announce]"), function (element) {
      return element.getAttribute("data-announce");
    }).join(". ");
    var place = document.getElementById("announced");
    if (place.textContent !== said) {
      place.textContent = said;
    }
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
        announce();
      });
    });
    document.body.addEventListener("htmx:sseError", feedIsSilent);
    document.body.addEventListener("htmx:sseOpen", feedTells);
    document.body.addEventListener("htmx:afterRequest", function (event) {
      answered(event.detail.successful === true);
    });
  });
})();

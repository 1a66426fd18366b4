"use strict";

// Draws the table of a run's throughput as a chart. The table is there without a script, and for whoever does not see the chart.
(function () {
  var STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10800, 43200, 86400, 604800];
  var chart = null;
  var drawn = null;

  function colour(name) {
    return window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  var hour = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

  function timeOf(second) {
    return hour.format(new Date(second * 1000));
  }

  // Moments, objects and requests a second; between two executions nothing was done.
  function numbers(rows) {
    var data = [[], [], []];
    var before = null;
    rows.forEach(function (row) {
      var execution = row.getAttribute("data-execution");
      if (before !== null && execution !== before) {
        data[0].push(data[0][data[0].length - 1] + 0.001);
        data[1].push(null);
        data[2].push(null);
      }
      before = execution;
      ["data-at", "data-objects", "data-units"].forEach(function (name, column) {
        data[column].push(Number(row.getAttribute(name)));
      });
    });
    return data;
  }

  function axis(more) {
    return Object.assign({ stroke: colour("--kvb-soft"), grid: { stroke: colour("--kvb-line") }, ticks: { stroke: colour("--kvb-line") } }, more);
  }

  function draw() {
    var place = document.getElementById("rates-chart");
    var table = document.querySelector("table[data-rates]");
    if (chart) {
      chart.destroy();
      chart = null;
    }
    drawn = table;
    if (!place || !table || !window.uPlot) {
      return;
    }
    var rows = Array.from(table.querySelectorAll("tr[data-at]"));
    var budget = Number(table.getAttribute("data-budget"));
    place.hidden = false;
    place.setAttribute("aria-label", table.getAttribute("data-label"));
    var data = numbers(rows);
    var series = [
      { value: function (plot, second) { return second === null ? "–" : timeOf(second); } },
      { label: "objects a second", stroke: colour("--kvb-busy"), width: 2, points: { show: rows.length < 30 } },
      { label: "requests a second", stroke: colour("--kvb-good"), width: 2, dash: [6, 4], points: { show: rows.length < 30 } },
    ];
    if (budget > 0) {
      data.push(data[0].map(function () { return budget; }));
      series.push({ label: "budget", stroke: colour("--kvb-warn"), width: 1, dash: [2, 4], points: { show: false } });
    }
    chart = new window.uPlot(
      {
        width: place.clientWidth,
        height: 240,
        scales: { y: { range: function (plot, least, most) { return [0, Math.max(1, most * 1.1)]; } } },
        axes: [
          axis({ space: 90, incrs: STEPS, values: function (plot, seconds) { return seconds.map(timeOf); } }),
          axis({}),
        ],
        series: series,
      },
      data,
      place
    );
  }

  function drawWhatIsNew() {
    if (document.querySelector("table[data-rates]") !== drawn) {
      draw();
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    draw();
    ["htmx:afterSwap", "htmx:sseMessage"].forEach(function (swapped) {
      document.body.addEventListener(swapped, drawWhatIsNew);
    });
    window.addEventListener("resize", draw);
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  });
})();
